"""Teams as Microsoft's own emulator plays it."""
