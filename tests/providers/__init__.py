"""The provider clients over real HTTP: the sandbox, and servers on loopback that misbehave on purpose."""
