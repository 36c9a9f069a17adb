"""One request at a time to a service: one named by its URL, or the one that runs on the data folder."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from services.client.attached import NotReachable, how_to_start, is_answered, running_server
from services.runtime.settings import Settings

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 60.0
MAX_QUOTED_CHARACTERS = 200


class Refused(Exception):
    """The service refused a request. `problem` is its problem document."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        errors = (f"{error['pointer']} {error['detail']}".strip() for error in problem.get("errors", ()))
        super().__init__("; ".join(errors) or problem.get("detail") or problem["title"])
        self.problem = problem


class Caller:
    """Calls one service."""

    def __init__(self, client: "httpx.Client", url: str) -> None:
        self._client = client
        self._url = url

    def call(self, method: str, path: str, **request: Any) -> "httpx.Response":
        """Return the answer if it is a success. Raises Refused, NotReachable."""
        from httpx import TransportError

        try:
            answer = self._client.request(method, f"{self._url}{path}", **request)
        except TransportError as error:
            raise NotReachable(
                f"{self._url} does not answer ({type(error).__name__}): is it the right --url?"
            ) from error
        if answer.is_success:
            return answer
        problem = _problem_in(answer)
        if problem is None:
            text = answer.text[:MAX_QUOTED_CHARACTERS]
            raise NotReachable(f"{self._url} answered {answer.status_code}, and not as a ledger does: {text}")
        if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            raise NotReachable(f"{self._url} cannot answer now: {problem.get('detail')}")
        raise Refused(problem)

    def read(self, path: str, **request: Any) -> Any:
        """Return the JSON of a GET. Raises as `call` does."""
        return self.call("GET", path, **request).json()


@contextmanager
def service_at(url: str | None, settings: Settings) -> Iterator[Caller]:
    """Yield the service at a base URL; without one, that which runs on the data folder. Raises NotReachable."""
    import httpx  # Slow to import.

    with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client:
        yield Caller(client, (url or _own(settings)).rstrip("/"))


def _own(settings: Settings) -> str:
    server = running_server(settings)
    if server is None or not is_answered(server):
        command, _ = how_to_start(settings)
        raise NotReachable(f"no server runs on {settings.data}: {command}, or name one by --url")
    return server.url


def _problem_in(answer: "httpx.Response") -> Mapping[str, Any] | None:
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) and "code" in body and "title" in body else None
