"""Resources of agents: the user, the contact, the device and the features."""

from gws_chat.api.serialization import JsonObject
from gws_chat.api.serialization.resources import uri_and_path
from gws_chat.api.serialization.user_states import user_state
from gws_chat.domain.agent import Agent

CONTACT_CENTER_ID = "6f1c2a4e-7b0d-4c39-9a55-d2e8b3f60417"  # customers may send any value
VOICE_ENVIRONMENT_PATH = "/voice-environments/370ef5e6-9e3c-4d91-9588-7f4dfe67e011"
FEATURE_NAMES = {
    # id: displayName, description. Observed for api-multimedia-chat, the others are assumed in the same style
    "api-multimedia": ("Multimedia API", "API for Multimedia"),
    "api-multimedia-chat": ("Multimedia Chat API", "API for Multimedia Chat"),
    "api-voice": ("Voice API", "API for Voice"),
}


def user(agent: Agent, external_url: str) -> JsonObject:
    """Return the members that a user always has (observed)."""
    return {
        "id": agent.id,
        "userName": agent.user_name,
        "firstName": agent.first_name,
        "lastName": agent.last_name,
        "emailAddress": agent.email_address,
        "roles": ["ROLE_AGENT"],
        "enabled": True,
        "changePasswordOnFirstLogin": False,
        "contactCenterId": CONTACT_CENTER_ID,
        **uri_and_path(agent.path, external_url),
    }


def contact(agent: Agent, external_url: str) -> JsonObject:
    """Return the agent as a contact, with the documented members. The employee ID is the user name (assumed)."""
    return {
        "id": agent.id,
        "name": agent.user_name,
        "type": "User",
        "phoneNumbers": [{"phoneNumber": agent.phone_number, "description": "", "switchName": "SIP_Switch"}],
        "userName": agent.user_name,
        "firstName": agent.first_name,
        "lastName": agent.last_name,
        "employeeId": agent.user_name,
        "emailAddress": agent.email_address,
        "roles": ["ROLE_AGENT"],
        **uri_and_path(f"/contacts/{agent.id}", external_url),
    }


def device(agent: Agent, external_url: str) -> JsonObject:
    """Return the agent's device with the members that were observed. Its state is that of the channel voice."""
    return {
        "id": str(agent.device_id),
        "deviceState": "Active",
        "userState": user_state(agent.ready_states.get("voice")),
        "phoneNumber": agent.phone_number,
        "description": "",
        "e164Number": agent.phone_number,
        "telephonyNetwork": "Private",
        "doNotDisturb": "Off",
        "voiceEnvironmentUri": external_url + VOICE_ENVIRONMENT_PATH,
        "capabilities": ["DoNotDisturbOn", "ForwardCallsOn"],
        "channels": ["voice"],
        "dynamicPhoneNumber": False,
    }


def feature(feature_id: str, external_url: str) -> JsonObject:
    display_name, description = FEATURE_NAMES.get(feature_id, (feature_id, ""))
    return {
        "id": feature_id,
        "displayName": display_name,
        "description": description,
        "autoAssignOnContactCenterCreate": True,
        **uri_and_path(f"/features/{feature_id}", external_url),
    }
