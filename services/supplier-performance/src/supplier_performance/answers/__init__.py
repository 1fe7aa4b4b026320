"""What people answer to the questions of scorecard templates, each period: who, when, how many points."""
