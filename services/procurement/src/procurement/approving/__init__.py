"""How procurement approves its documents: its policy, its people and their sites, its events."""
