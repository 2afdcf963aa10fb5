"""What the program does for screens, lines and commands alike."""
