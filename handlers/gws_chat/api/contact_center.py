"""The contact center as desktops read it when they start: agent states, features, dispositions and the version."""

from gws_chat.api.serialization import agent_responses, success
from gws_chat.api.serialization.user_states import agent_states
from gws_chat.api.serialization.users import feature
from gws_chat.api.services import Services
from gws_chat.domain.errors import FeatureNotFound, shorten
from gws_chat.gateway.request import Request, Result

VERSION = "8.5.202.96"  # observed


def list_agent_states(_: Request, services: Services) -> Result:  # noqa: ARG001 - all handlers get the services
    return Result(success(settings=agent_states()))


def list_features(request: Request, services: Services) -> Result:
    in_full = "fields" in request.query_parameters
    return Result(agent_responses.features_response(_features(services), request.external_url, in_full=in_full))


def get_feature(request: Request, services: Services) -> Result:
    feature_id = request.path_parameters["id"]
    if feature_id not in _features(services):
        raise FeatureNotFound(f"id: must be the ID of a feature, got {shorten(feature_id)!r}")
    return Result(success(feature=feature(feature_id, request.external_url)))


def list_business_attributes(_: Request, services: Services) -> Result:
    return Result(agent_responses.business_attributes_response(services.center.dispositions))


def get_version(_: Request, services: Services) -> Result:  # noqa: ARG001 - as above
    return Result(success(version=VERSION))


def _features(services: Services) -> list[str]:
    """Return the features that any agent has (assumed)."""
    return sorted({feature for agent in services.center.agents.values() for feature in agent.features})
