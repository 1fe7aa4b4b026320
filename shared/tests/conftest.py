"""What the kernel's tests share: the toy service is importable, as a real service is."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
