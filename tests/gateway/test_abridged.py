"""connexion is given of the document what requests are made of, and all of that."""

from handlers.gateway.abridged import abridged


def test_a_schema_of_answers_only_is_left_out(document):
    assert "ChatStateChangeMessage" not in abridged(document)["components"]["schemas"]


def test_a_schema_that_a_request_is_made_of_through_others_is_kept_whole(document):
    schemas = abridged(document)["components"]["schemas"]

    assert {"ChatOperation", "LeaveOperation", "UserData"} <= schemas.keys()
    assert schemas == {name: document["components"]["schemas"][name] for name in schemas}


def test_of_the_answers_the_media_type_of_the_good_one_is_kept(document):
    answers = abridged(document)["paths"]["/metrics"]["get"]["responses"]

    assert ["200"] == list(answers)
    assert ["text/plain"] == [name.partition(";")[0] for name in answers["200"]["content"]]


def test_the_document_itself_stays_as_it_is(document):
    abridged(document)

    assert "examples" in document["components"]
