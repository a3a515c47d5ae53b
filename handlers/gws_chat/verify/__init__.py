"""The command `gws-chat verify`: checks the facts of `facts.yaml` against any server that speaks the API.

`stories` perform what a desktop may do and record observations; they judge nothing. `report` compares the
observations with the facts, and `calibration` writes a scenario from them. The package knows the server only by HTTP:
it imports nothing of the emulator except the scenario format and the names of operations (`domain.capabilities`).
"""
