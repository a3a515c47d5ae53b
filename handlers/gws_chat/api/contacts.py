"""`/api/v2/contacts`: the agents as targets of Transfer, Invite and Consult."""

from gws_chat.api.serialization import parameters, success
from gws_chat.api.serialization.users import contact
from gws_chat.api.services import Services
from gws_chat.domain.contacts import contact_with_id, find_contacts
from gws_chat.gateway.request import Request, Result


def list_contacts(request: Request, services: Services) -> Result:
    found = find_contacts(services.center, parameters.contact_query(request.query_parameters))
    contacts = [contact(agent, request.external_url) for agent in found]
    return Result(success(totalCount=len(contacts), contacts=contacts))


def get_contact(request: Request, services: Services) -> Result:
    agent = contact_with_id(services.center, request.path_parameters["id"])
    return Result(success(contact=contact(agent, request.external_url)))
