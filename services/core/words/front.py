"""The words of the first page, and of the pages about problems. Pure."""

from services.core.words.catalogue import Words
from services.core.words.sentences import Lang, in_lang, in_words

FRONT: Words[str] = {
    "product": ("社会工作者职业台账", "Practitioner career ledger"),
    "skip": ("跳到正文", "Skip to the content"),
    "colon": ("：", ": "),
    "look_up": ("查询人员", "Look up a person"),
    "ledger": ("台账", "Ledger"),
    "person": ("人员编号", "Practitioner id"),
    "show": ("查询", "Show"),
    "demo": (
        "台账{ledger}中有一名虚构人员，其经历涉及考试、登记、培训、补贴和更正",
        "The ledger {ledger} has an invented person, with exams, registrations, training, allowances and corrections",
    ),
    "ledgers": ("台账一览", "Ledgers"),
    "title": ("全称", "Title"),
    "place": ("行政区划代码", "Code of the place"),
    "records": ("记录数", "Records"),
    "more": ("另有其他台账", "There are more ledgers"),
    "no_ledger": ("尚无台账，可用以下命令建立", "There is no ledger yet; this command makes one"),
    "further": ("其他页面", "Further pages"),
    "docs": ("接口文档", "Documentation of the API"),
    "policies": ("所载规定", "The policies"),
    "ready": ("运行状况", "State of the service"),
    "release": ("版本{release}", "Release {release}"),
    "no_page": ("无法显示这个页面", "This page cannot be shown"),
    "what_to_do": ("如何处理", "What to do"),
    "places": ("有误之处", "What is wrong where"),
    "code": ("错误代码", "Code"),
    "problems": ("错误代码一览", "Problems"),
    "meaning": ("含义", "What it means"),
    "when": ("何时出现", "When it happens"),
    "example": ("示例", "An example"),
    "all_problems": ("全部错误代码", "All problems"),
    "request": ("请求编号", "Request"),
    "start": ("返回首页", "Back to the start"),
}


def front_words(name: str, lang: Lang, **values: object) -> str:
    """Return a text of the first page, or of a page about problems, in one language."""
    return in_lang(in_words(FRONT, name), lang).format(**values)
