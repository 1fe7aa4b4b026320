"""`purveyor token`: an access token of the local issuer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from purveyor_cli.commands.terminal import DEFAULT_DATA_DIR, DataDir, fail
from purveyor_contract.roles import Role


def token(
    role: Annotated[list[Role], typer.Option("--role", help="What the person may decide; repeatable.")],
    subject: Annotated[str | None, typer.Option(help="Who; the first role's name if absent.")] = None,
    supplier_id: Annotated[UUID | None, typer.Option(help="Whose token, for the role supplier.")] = None,
    invited: Annotated[
        bool, typer.Option("--invited", help="A supplier's by an invitation, which the token does not say.")
    ] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Print an access token for the local stack: curl -H "Authorization: Bearer $(purveyor token …)".

    Duties are segregated by subject (who onboards a supplier does not approve its orders): give people names.
    """
    from purveyor_cli.folder import DataFolder

    if Role.SUPPLIER in role and supplier_id is None and not invited:
        fail(
            "A supplier's token needs --supplier-id: it sees that supplier's things only. Of somebody who "
            "was invited, --invited."
        )
    issuer = DataFolder(data_dir).issuer()
    typer.echo(issuer.token(subject or role[0].value, *role, supplier_id=supplier_id))
