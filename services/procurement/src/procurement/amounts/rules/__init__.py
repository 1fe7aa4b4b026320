"""The arithmetic of documents (EN 16931): pure functions of decimals, exact until the step that rounds."""
