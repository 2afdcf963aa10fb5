"""Both providers' APIs, served by the program itself on a loopback port; nothing is bought.

Written from the providers' documents and from nothing else of this program, so that client and sandbox
cannot agree on a mistake. `server.Sandbox` starts one.
"""

SERVED = ("edis", "layerstack")
"""Ids of the providers that it replaces."""
