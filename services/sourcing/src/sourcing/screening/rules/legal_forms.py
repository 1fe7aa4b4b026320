"""Legal forms, as they are written behind a name or before it (ISO 20275 lists them by country)."""

from __future__ import annotations

_FORMS = """
gmbh; gmbh co kg; gmbh and co kg; mbh; ag; kg; kgaa; ug; ohg; gbr; ev; eg; se; aktiengesellschaft
gesellschaft mit beschrankter haftung; co kg; and co kg
sa; sas; sasu; sarl; eurl; snc; sca; gie; societe anonyme; societe a responsabilite limitee
spa; srl; srls; sapa; societa per azioni; societa a responsabilita limitata
bv; nv; vof; cv; bvba; cvba; naamloze vennootschap; besloten vennootschap
ltd; limited; llc; llp; lp; plc; inc; incorporated; corp; corporation; co; company; pllc; lllp
co ltd; company limited; company ltd; private limited; pvt ltd; pvt limited; pvt; private ltd; unlimited
limited liability company; limited liability partnership; public limited company; limited partnership
joint stock company; open joint stock company; closed joint stock company; public joint stock company
private joint stock company; public company; private company; general partnership
oy; oyj; ab; as; asa; aps; ks; hf; ehf; aktiebolag; aktieselskab; publ; ab publ
ooo; oao; zao; pao; ao; jsc; ojsc; cjsc; pjsc; too; tov; tzov; pat; pp; chp; ip; nao
obshchestvo s ogranichennoy otvetstvennostyu; aktsionernoe obshchestvo
pt; tbk; pt tbk; sdn; bhd; sdn bhd; pte; pty; pty ltd; pte ltd; pte limited; kk; gk; kabushiki kaisha
yugen kaisha; co inc; corp ltd; jusik hoesa; youxian gongsi; gufen youxian gongsi
doo; dd; ad; dooel; ead; eood; ood; sro; sp zoo; spolka zoo; spolka akcyjna; spj; kft; zrt; nyrt; bt; rt
uab; sia; ou; eesti; as ou; mb; vsi; kd; jdoo
sa de cv; sapi de cv; s de rl de cv; de rl de cv; srl de cv; s de rl; sab de cv; sc de rl de cv; spr de rl
sc; ac; sociedad anonima; sociedad anonima de capital variable; sociedad limitada; sl; slu; sau; ltda
limitada; cia ltda; y cia ltda; cia; y cia; compania limitada; eireli; epp; saa; sac; eirl; eu; ei
sociedad de responsabilidad limitada; e hijos; s en c; sa ltda; lda; sgps; unipessoal lda
as sti; ltd sti; anonim sirketi; limited sirketi; sanayi ve ticaret; san ve tic; sanve tic; tic
fze; fzco; fzc; fz llc; fz; dmcc; wll; saoc; saog; kscc; kscp; psc; est; establishment; pjs; bsc; sal; sarlu
epe; ae; ike; oe; ee; etaireia; ta; dba; gp
"""
_BEFORE = """
ooo; oao; zao; pao; ao; jsc; ojsc; cjsc; pjsc; too; tov; nao; pt; fgup; gup; ip; uab; sia; societe; firma
limited liability company; joint stock company; open joint stock company; closed joint stock company
public joint stock company; private joint stock company; private company
obshchestvo s ogranichennoy otvetstvennostyu; aktsionernoe obshchestvo; sarl; cong ty; cong ty tnhh
"""


def _read(text: str) -> frozenset[tuple[str, ...]]:
    forms = text.replace("\n", ";").split(";")
    return frozenset(tuple(form.split()) for form in forms if form.strip())


AT_THE_END = _read(_FORMS)
AT_THE_BEGINNING = _read(_BEFORE)
WRITTEN_TOGETHER = (
    *("股份有限公司", "有限责任公司", "有限公司", "株式会社", "有限会社", "合同会社", "(株)", "㈱"),
    *("주식회사", "유한회사", "(주)", "㈜"),
)
"""Those of scripts without blanks, longest first: nothing else parts them from the name."""
