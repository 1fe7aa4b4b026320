"""What suppliers are asked before they are bought from: questionnaires, in editions that never change."""
