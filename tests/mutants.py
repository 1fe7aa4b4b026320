"""`make mutants`: change the rules of a feature in one place at a time, and name what no test notices.

mutmut makes the changes and runs the tests of the rules, in a copy. It leaves alone what is decided when a
module is loaded, such as a table of moves, and properties.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mutmut.configuration import reset_config
from mutmut.mutation.diff_apply import get_diff_for_mutant

ROOT = Path(__file__).parents[1]
MUTMUT = Path(sys.executable).parent / "mutmut"
VERDICT = re.compile(r"^\s*(\S+__mutmut_\d+): (.+)$", re.MULTILINE)
NOTICED = {"killed", "timeout"}
SPINNER = tuple("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
CONFIGURATION = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["{rules}.py", "{rules}/*.py"]
pytest_add_cli_args_test_selection = ["{tests}"]

[tool.pytest.ini_options]
addopts = "--import-mode=importlib -p no:asyncio"
"""


def features() -> list[Path]:
    """Return every folder whose rules decide something; mere records of values have nothing to change."""
    found = (ROOT / "services").glob("*/src/**/rules*")
    rules = [path for path in found if path.name in {"rules", "rules.py"}]
    return sorted(path.parent for path in rules if any("def " in file.read_text() for file in files(path)))


def files(rules: Path) -> list[Path]:
    """Return the modules of a feature's rules."""
    return sorted(rules.glob("*.py")) if rules.is_dir() else [rules]


def place_of_tests(feature: Path) -> Path:
    """Return where a feature's rules are tested: under its name, in a file or a folder as the rules are."""
    service, inside = split(feature)
    folder = service / "tests" / Path(*inside.parts[1:])
    return folder / "rules" if (feature / "rules").is_dir() else folder / "test_rules.py"


def split(feature: Path) -> tuple[Path, Path]:
    """Return the folder of a feature's service, and the feature's place below `src`."""
    service = next(parent for parent in feature.parents if parent.name == "src").parent
    return service, feature.relative_to(service / "src")


def survivors(feature: Path, folder: Path) -> tuple[int, list[str]]:
    """Return how many changes were tried in an empty folder, and those that no test noticed, as diffs."""
    service, inside = split(feature)
    tests = place_of_tests(feature).relative_to(service)
    package = inside.parts[0]
    shutil.copytree(service / "src" / package, folder / "src" / package)
    (folder / tests.parent).mkdir(parents=True, exist_ok=True)
    copy = shutil.copytree if (service / tests).is_dir() else shutil.copy
    copy(service / tests, folder / tests)
    configuration = CONFIGURATION.format(rules=Path("src", inside, "rules"), tests=tests)
    (folder / "pyproject.toml").write_text(configuration)

    said = mutmut(folder, "run")
    verdicts = dict(VERDICT.findall(mutmut(folder, "results", "--all", "true")))
    if not verdicts or "not checked" in verdicts.values():
        sys.exit(f"{feature}: mutmut could not try every change\n{said}")
    with contextlib.chdir(folder):
        reset_config()
        left = [get_diff_for_mutant(name) for name, verdict in verdicts.items() if verdict not in NOTICED]
    return len(verdicts), left


def mutmut(folder: Path, *arguments: str) -> str:
    """Run mutmut and return what it says."""
    done = subprocess.run(  # noqa: S603  # a tool of ours, on a copy of ours
        [MUTMUT, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    said = (done.stdout + done.stderr).splitlines()
    return "\n".join(line for line in said if not line.startswith(SPINNER))


def main() -> int:
    """Try the features named, or all of them; returns 1 when a change was not noticed."""
    named = [Path(argument).resolve() for argument in sys.argv[1:]]
    failed = False
    for feature in named or features():
        with tempfile.TemporaryDirectory(prefix="purveyor-mutants-") as folder:
            tried, left = survivors(feature, Path(folder))
        print(f"{feature.relative_to(ROOT)}: {tried} changes, {len(left)} not noticed", flush=True)  # noqa: T201
        for difference in left:
            print(difference, flush=True)  # noqa: T201
        failed = failed or bool(left)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
