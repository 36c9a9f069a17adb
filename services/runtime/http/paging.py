"""The next page of a list, for clients that follow links (RFC 8288)."""

from urllib.parse import urlencode

from fastapi import Request


def link_to_next(request: Request, **continues: object) -> dict[str, str]:
    """Return the header that leads to the next page: the same request with other parameters. None of them may be None,
    else there is no next page and no header."""
    if None in continues.values():
        return {}
    query = urlencode({**request.query_params, **continues})
    return {"Link": f'<{request.url.path}?{query}>; rel="next"'}
