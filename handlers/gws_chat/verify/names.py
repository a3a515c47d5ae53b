"""The names that a run gives to what it creates, and by which it recognizes it."""

USER_DATA_KEY = "gwsChatVerify"  # its value is the nickname of the customer
NOTE, NEW, NULL = "gwsChatVerifyNote", "gwsChatVerifyNew", "gwsChatVerifyNull"  # further keys of the user data
OWNER_NICKNAME, HELPER_NICKNAME = "Verify", "Helper"  # which the agents send with Accept
