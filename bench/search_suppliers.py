"""Suppliers to search among, by the million: invented names of several scripts, made by the database.

How often a word is used follows a power law, as in real names: a few stand in every third of them, most in
one or two. What search compares is made of each part of a name by the service's own rules, once, and put
together as the rules would have it of the whole name; `measure` of the bench holds some rows against them.
"""
# ruff: noqa: RUF001  # names as they are written

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from asyncpg import Connection

from bench.screening import SEED, invented_words
from purveyor.texts import comparable
from sourcing.suppliers.rules.likeness import skeleton
from sourcing.suppliers.rules.search import DIGRAPHS, FORM, searchable

WORDS = 150_000
CATEGORIES = 500
LATIN_TRADES = (
    *("Trading", "Logistics", "Engineering", "Technologies", "Services", "Industries", "Steel", "Chemicals"),
    *("Schrauben", "Maschinenbau", "Straßenbau", "Großhandel", "Werkzeuge", "Edelstahlschrauben", "Bearings"),
    *("Łożyska", "Usługi", "Przemysł", "Møbler", "Mølle", "Rør", "Værktøj", "Fastighet", "Güterverkehr"),
    *("Mécanique", "Matériaux", "Énergie", "Tecnología", "Construcción", "Ingegneria", "Çelik", "İnşaat"),
    *("Građevina", "Šroubárna", "Strojírna", "Kőolaj", "Packaging", "Plastics", "Textiles", "Electronics"),
)
LATIN_PLACES = (
    *("Nord", "Süd", "Berlin", "Łódź", "Wrocław", "København", "Ærø", "Málaga", "São Paulo", "Genève"),
    *("Zürich", "İstanbul", "Đakovo", "Brno", "Malmö", "Tromsø", "Delta", "International", "Global"),
)
LATIN_FORMS = (
    *("GmbH", "Ltd", "Inc.", "S.A.", "Sp. z o.o.", "S.r.l.", "A/S", "AB", "B.V.", "GmbH & Co. KG", "d.o.o."),
    *("ApS", "s.r.o.", "A.Ş.", "Kft.", "Oy", "Lda", "LLC", "Pty Ltd", "AG"),
)
HAN = "宝武钢铁华润海尔长江东方明珠金龙泰安永恒新星光大信达远景天地山河云飞鸿图嘉禾兴隆瑞丰和顺康乐福禄祥"
CHINESE_TRADES = ("钢铁", "机械制造", "贸易", "电子科技", "化工", "物流", "紧固件", "轴承", "塑料", "纺织")
CHINESE_PLACES = ("中国", "上海", "北京", "深圳", "广州", "宁波", "苏州", "青岛", "天津", "重庆", "无锡")
CHINESE_FORMS = ("有限公司", "集团有限公司", "股份有限公司", "有限责任公司")
KANJI = "三菱日立松下富士東京大阪中村田中山本鈴木高橋小林渡辺伊藤加斎吉佐藤川口石井森池橋岡野"
JAPANESE_TRADES = ("製鋼所", "工業", "製作所", "電機", "化学", "商事", "カタカナ", "ネジ", "ベアリング")
JAPANESE_FORMS = ("株式会社", "㈱", "有限会社", "合同会社")
SYLLABLES = "현대삼성대한국동아세진우신한일금호강산미래태평양광명성원정인경남부"
KOREAN_TRADES = ("제철", "전자", "화학", "건설", "중공업", "기계", "물산", "볼트", "베어링", "산업")
KOREAN_FORMS = ("주식회사", "㈜", "유한회사")
ACCENTED = str.maketrans({"a": "å", "e": "é", "i": "ı", "o": "ø", "u": "ü", "l": "ł", "d": "đ", "s": "ß"})
COUNTRIES = (
    *("DE", "US", "PL", "FR", "IT", "GB", "ES", "NL", "DK", "SE", "CZ", "TR", "AT", "CH", "HU", "HR", "IN"),
    *("BR", "PT", "MX", "FI", "BE", "NO", "RO", "SK", "SI", "IE", "GR", "BG", "RS", "LT", "LV", "EE", "IS"),
)


@dataclass(frozen=True, slots=True)
class Script:
    """How names of a script are put together."""

    name: str
    share: float
    countries: Sequence[str]
    between: str
    """What stands between the parts of a name; Chinese and Japanese have nothing."""
    parts: Sequence[tuple[float, Sequence[str]]]
    """What a name is made of in turn: how likely it has such a part, and which there are, the commonest
    first."""


def scripts(chance: random.Random) -> list[Script]:
    """Return the scripts that suppliers are named in."""
    own = [_latin(word, chance) for word in invented_words(WORDS, chance)]
    korean = [name + trade for name in _names(SYLLABLES, 1_000, chance) for trade in KOREAN_TRADES]
    chance.shuffle(korean)
    latin = ((1.0, own), (0.4, own), (0.9, LATIN_TRADES), (0.2, LATIN_PLACES), (0.95, LATIN_FORMS))
    chinese = ((0.8, CHINESE_PLACES), (1.0, _names(HAN, 20_000, chance)), (1.0, CHINESE_TRADES))
    japanese = ((1.0, JAPANESE_FORMS), (1.0, _names(KANJI, 10_000, chance)), (1.0, JAPANESE_TRADES))
    return [
        Script("latin", 0.8, COUNTRIES, " ", latin),
        Script("chinese", 0.1, ("CN", "TW", "SG"), "", (*chinese, (1.0, CHINESE_FORMS))),
        Script("japanese", 0.06, ("JP",), "", japanese),
        Script("korean", 0.04, ("KR",), " ", ((0.8, KOREAN_FORMS), (1.0, korean))),
    ]


def _latin(word: str, chance: random.Random) -> str:
    return (word.translate(ACCENTED) if chance.random() < 0.15 else word).title()


def _names(characters: str, count: int, chance: random.Random) -> list[str]:
    found = {"".join(chance.choices(characters, k=2 + (nth % 3 == 0))) for nth in range(count)}
    return sorted(found, key=lambda _: chance.random())


async def make(connection: Connection, count: int) -> None:
    """Make so many suppliers in an empty database, with categories, approvals, scores and identifiers."""
    chance = random.Random(SEED)  # noqa: S311  # the same names every time
    await connection.execute(f"SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'; {TABLES}")
    await connection.execute("SELECT setseed(0.42)")
    await connection.execute(CATEGORY_TREE, CATEGORIES)
    begin = 0.0
    await connection.execute(ROLLED, count)
    for script in scripts(chance):
        await _name(connection, script, begin)
        begin += script.share
    indexes = await connection.fetch(INDEXES)
    await connection.execute("".join(f"DROP INDEX {one['name']};" for one in indexes))
    for statement in (SUPPLIERS, IDENTIFIERS, APPROVALS):
        await connection.execute(statement)
    for one in indexes:
        await connection.execute(one["made"])
    await connection.execute("VACUUM (ANALYZE) supplier, supplier_identifier, category_approval, category")


async def _name(connection: Connection, script: Script, begin: float) -> None:
    """Name the suppliers of a script, whose share of all begins there."""
    for nth, (_, words) in enumerate(script.parts):
        rows = [(nth, place, *_compared(word)) for place, word in enumerate(words)]
        await connection.copy_records_to_table("part", records=rows)
    await connection.execute("ANALYZE part")
    slots = range(len(script.parts))
    picked = ", ".join(
        f"CASE WHEN random() < {likely} THEN floor({len(words)} * power(random(), 3))::int END AS place_{nth}"
        for nth, (likely, words) in enumerate(script.parts)
    )
    joined = "".join(
        f" LEFT JOIN part p{nth} ON p{nth}.slot = {nth} AND p{nth}.place = place_{nth}" for nth in slots
    )
    texts = ", ".join(
        f"concat_ws('{between}', {', '.join(f'p{nth}.{form}' for nth in slots)})"
        for form, between in (("shown", script.between), ("plain", " "), ("spelt", " "), ("alike", ""))
    )
    countries = list(script.countries)
    country = f"($3::text[])[1 + floor({len(countries)} * power(random(), 2))::int]"
    await connection.execute(
        f"WITH picked AS MATERIALIZED (SELECT n, {country} AS country, {picked} FROM rolled "
        f"WHERE chance >= $1 AND chance < $2) "
        f"INSERT INTO named SELECT n, country, {texts} FROM picked{joined}",
        begin, begin + script.share, countries,
    )  # fmt: skip
    await connection.execute("TRUNCATE part")


def _compared(word: str) -> tuple[str, str, str, str]:
    """Return a word as it is shown, compared, spelt without its letters, and taken for others."""
    stated = comparable(word)
    return word, searchable(word).strip(), searchable(stated.translate(DIGRAPHS)).strip(), skeleton(word)


TABLES = """
CREATE TEMPORARY TABLE part (
  slot int, place int, shown text, plain text, spelt text, alike text, PRIMARY KEY (slot, place));
CREATE TEMPORARY TABLE rolled (n int, chance float);
CREATE TEMPORARY TABLE named (n int, country text, shown text, plain text, spelt text, alike text);
"""
ROLLED = "INSERT INTO rolled SELECT n, random() FROM generate_series(1, $1::int) AS n"
CATEGORY_TREE = """
INSERT INTO category (id, version, sequence, code, names, parent, taken_over, words)
SELECT gen_random_uuid(), 1, 0, 'c' || n, '[]', CASE WHEN n >= 10 THEN 'c' || n / 10 END, false,
       ARRAY['c' || n]
FROM generate_series(1, $1::int) AS n
"""
INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made
FROM pg_index
WHERE indrelid IN ('supplier'::regclass, 'category_approval'::regclass)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
SUPPLIERS = f"""
INSERT INTO supplier (
  id, version, sequence, number, legal_name, country, categories, contacts, sites, status, registered_by,
  registered_at, registered_on, external_reference, source_system, imported, import_digest, score, grade,
  scored_on, name_key, search_text, likeness, search_form, owner, tags)
SELECT gen_random_uuid(), 1, 1, n, shown, country,
       ARRAY['c' || 1 + floor({CATEGORIES} * power(random(), 3))::int,
             'c' || 1 + floor({CATEGORIES} * power(random(), 3))::int],
       jsonb_build_array(jsonb_build_object('name', 'Sam Sales', 'email', 'sales' || n || '@example.com')),
       '[]',
       (ARRAY['approved', 'approved', 'approved', 'approved', 'approved', 'approved', 'approved',
              'registered', 'registered', 'submitted', 'suspended', 'rejected', 'terminated']
       )[1 + floor(13 * random())::int],
       'sam', now(), DATE '2016-01-01' + n / 260, CASE WHEN imported THEN 'V-' || n END,
       CASE WHEN imported AND n % 10 = 0 THEN 'legacy' ELSE 'main' END, imported,
       CASE WHEN imported THEN 'digest'::bytea END, score, substr('EEEEEDDCBAA', 1 + (score / 10)::int, 1),
       CASE WHEN score IS NOT NULL THEN DATE '2026-11-01' END, plain,
       CASE WHEN spelt = plain THEN concat(' ', plain, said, ' ')
            ELSE concat(' ', plain, said, ' ', spelt, said, ' ') END, alike, {FORM},
       'owner ' || 1 + floor(300 * power(random(), 2))::int,
       ARRAY['tag ' || 1 + floor(200 * power(random(), 3))::int]
FROM (
  SELECT named.*, imported,
         CASE WHEN random() < 0.6 THEN round(100 * (1 - power(random(), 2))::numeric, 1) END AS score,
         concat(' s ', lpad(n::text, 6, '0'), CASE WHEN imported THEN ' v ' || n END,
                ' ', lower(country), 100000000 + n) AS said
  FROM named CROSS JOIN LATERAL (SELECT n % 5 < 3 AS imported) AS origin
) AS stated
ORDER BY n
"""
IDENTIFIERS = """
INSERT INTO supplier_identifier (scheme, value, supplier_id)
SELECT 'VAT', country || 100000000 + number, id FROM supplier
"""
APPROVALS = """
INSERT INTO category_approval (
  supplier_id, category, expires_on, approved_by, approved_at, registered_by, imported)
SELECT id, category, DATE '2026-06-01' + (number % 2000)::int, 'carla', now(), 'sam', false
FROM (SELECT DISTINCT id, number, unnest(categories) AS category FROM supplier
      WHERE status IN ('approved', 'suspended')) AS offered
"""
