"""The whole program against providers, disks, signals and neighbours that misbehave."""
