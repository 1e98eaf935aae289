"""Finds single lines of code that break a rule; test_rules.py says which rules there are."""

import ast
import re
from collections.abc import Iterator

QUEUEING = {"delay", "delay_on_commit", "apply_async", "apply_async_on_commit", "send_task"}
LOGGERS = {"logger", "logging", "log", "getLogger"}
LOGGING_METHODS = {"debug", "info", "warning", "error", "critical", "exception", "log"}
# Fields and variables that hold somebody, or a key to somebody
PERSONAL = {
    "name", "email", "address", "addresses", "role", "affiliation", "organisation", "website",
    "recipients", "mailbox", "token", "tokens", "code", "codes", "ip", "peer", "host", "password",
    "secret", "nonce", "salt", "key", "link", "url", "path", "body", "title", "text", "summary",
    "receipt", "query", "data", "POST", "GET", "META", "headers", "request", "form", "cleaned_data",
    "error", "exc", "exception", "network", "domain",
}  # fmt: skip
SECRETS = re.compile(r"(?:^|_)(?:mac|token|secret|nonce|password|hmac)s?$")
PEERS = {
    "REMOTE_ADDR",
    "HTTP_X_FORWARDED_FOR",
    "X-Forwarded-For",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "X-Real-IP",
}


def word(node: ast.AST) -> str:
    """The last word of what an expression names: `code` of `attempt.code`, `code(x)` and `code`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=inner) | ast.Subscript(value=inner) | ast.Await(value=inner):
            return word(inner)
    return ""


def imports(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{each.name}") for each in node.names)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def vouching(tree: ast.AST) -> Iterator[ast.AST]:
    for node in calls(tree):
        if word(node.func) in {"mark_safe", "SafeString", "SafeText", "Markup"} and node.args:
            yield node


def queueing(tree: ast.AST) -> Iterator[ast.AST]:
    for node in calls(tree):
        if isinstance(node.func, ast.Attribute) and node.func.attr in QUEUEING:
            yield node


def queries(tree: ast.AST) -> Iterator[ast.AST]:
    for node in calls(tree):
        is_method = isinstance(node.func, ast.Attribute) and node.func.attr in {"cursor", "raw", "extra"}
        if is_method or word(node.func) in {"RawSQL", "RunSQL"}:
            yield node


def log_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in calls(tree):
        match node.func:
            case ast.Attribute(attr=method, value=whose) if (
                method in LOGGING_METHODS and word(whose) in LOGGERS
            ):
                yield node


def personal_arguments(tree: ast.AST) -> Iterator[ast.AST]:
    for call in log_calls(tree):
        for argument in [
            *call.args[1:],
            *(keyword.value for keyword in call.keywords if keyword.arg != "exc_info"),
        ]:
            # type(error).__name__ and place(error) say what went wrong without its words
            plain = argument if not isinstance(argument, ast.Call) else argument.func
            if word(plain) in PERSONAL or isinstance(argument, ast.JoinedStr):
                yield call


def made_up_lines(tree: ast.AST) -> Iterator[ast.AST]:
    for call in log_calls(tree):
        if call.args and not (isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)):
            yield call


def signing(tree: ast.AST) -> Iterator[ast.AST]:
    return (node for node, name in imports(tree) if name.startswith("django.core.signing"))


def is_secret(node: ast.AST) -> bool:
    """A variable that holds one, or the call that makes the code people type; other codes name countries."""
    return bool(SECRETS.search(word(node))) or (
        isinstance(node, ast.Call) and word(node).lstrip("_") == "code"
    )


def comparing(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn):
            sides = [node.left, *node.comparators]
            # "" and None are no secret to compare with
            if any(is_secret(side) for side in sides) and not any(
                isinstance(side, ast.Constant) and not side.value for side in sides
            ):
                yield node


def peers(tree: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in PEERS)


def exempting(tree: ast.AST) -> Iterator[ast.AST]:
    decorators = {"origin_checked", "token_page"}
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in decorators
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Name | ast.Attribute)
            and word(node) == "csrf_exempt"
            and id(node) not in inside
        ):
            yield node


def putting_together(tree: ast.AST) -> Iterator[ast.AST]:
    for node in calls(tree):
        if word(node.func) in {"format_html", "format_html_join"} and node.args:
            markup = node.args[1 if word(node.func) == "format_html_join" else 0]
            if isinstance(markup, ast.BinOp | ast.JoinedStr) or (
                isinstance(markup, ast.Call) and word(markup.func) in {"format", "join", "replace"}
            ):
                yield node


def running(tree: ast.AST) -> Iterator[ast.AST]:
    for node, name in imports(tree):
        if name.split(".")[0] in {"pickle", "marshal", "shelve", "dill", "yaml"}:
            yield node
    for node in calls(tree):
        if isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec", "__import__"}:
            yield node
