"""python bench/openai_client.py URL: cases of the official Python client (pip install openai) against a running service."""

import sys

import openai

IMMINENT = "I am going to kill myself tonight"


def ask(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def refused(client: openai.OpenAI, model: str, code: str, **more: object) -> bool:
    try:
        client.chat.completions.create(**{"model": model, "messages": ask("hello"), **more})
    except openai.BadRequestError as error:
        return error.code == code and (error.request_id or "").startswith("req_")
    return False


def streamed(client: openai.OpenAI, model: str, text: str) -> tuple[str, int | None]:
    said, tokens = "", None
    options = {"include_usage": True}
    for chunk in client.chat.completions.create(
        model=model, messages=ask(text), stream=True, stream_options=options, temperature=0, max_tokens=30
    ):
        if chunk.choices:
            said += chunk.choices[0].delta.content or ""
        if chunk.usage is not None:
            tokens = chunk.usage.completion_tokens
    return said, tokens


def status_of(call: object) -> str:
    try:
        call()  # type: ignore[operator]
    except openai.APIStatusError as error:
        return type(error).__name__
    return "none"


def main() -> int:
    client = openai.OpenAI(base_url=f"{sys.argv[1]}/v1", api_key="none-is-needed", max_retries=0)
    model = next(iter(client.models.list())).id
    whole = client.chat.completions.create(model=model, messages=ask("hello"), temperature=0, max_tokens=30)
    said, tokens = streamed(client, model, "hello")
    grave = client.chat.completions.create(model=model, messages=ask(IMMINENT))
    parts = [{"role": "user", "content": [{"type": "text", "text": "hello"}]}]
    in_parts = client.chat.completions.create(model=model, messages=parts, temperature=0, max_tokens=30)
    raw = client.chat.completions.with_raw_response.create(model=model, messages=ask("hi"), max_tokens=5)
    session = {"client_id": "c-1", "session_id": "python-1", "country": "IN"}
    remembered = client.chat.completions.create(model=model, messages=ask("hi"), metadata=session, max_tokens=5)
    cases = {
        "whole reply": whole.choices[0].message.content != "" and whole.usage is not None,
        "stream equals whole": said == whole.choices[0].message.content,
        "usage at the end of a stream": tokens is not None and tokens > 0,
        "protocol reply": (grave.model_extra or {})["x_safety"]["level"] == "imminent",
        "content in parts": in_parts.choices[0].message.content == whole.choices[0].message.content,
        "request id": (raw.headers.get("x-request-id") or "").startswith("req_"),
        "session": (remembered.model_extra or {})["x_session"]["turn"] == 1,
        "model by id": client.models.retrieve(model).object == "model",
        "unknown model": status_of(lambda: client.models.retrieve("other")) == "NotFoundError",
        "other model": status_of(lambda: client.chat.completions.create(model="other", messages=ask("x")))
        == "NotFoundError",
        "key of ours that is wrong": status_of(lambda: client.with_options(api_key="tri_0").models.list())
        == "AuthenticationError",
        "tools refused": refused(
            client,
            model,
            "unsupported_parameter",
            tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        ),
        "JSON mode refused": refused(
            client, model, "unsupported_parameter", response_format={"type": "json_object"}
        ),
        "two replies refused": refused(client, model, "unsupported_parameter", n=2),
        "too hot": refused(client, model, "out_of_range", temperature=3),
        "unknown name": refused(client, model, "unknown_parameter", extra_body={"temprature": 1}),
        "last turn not the user's": refused(
            client,
            model,
            "last_not_user",
            messages=[*ask("x"), {"role": "assistant", "content": "y"}],
        ),
        "too long": refused(client, model, "context_length_exceeded", messages=ask("word " * 9000)),
    }
    for name, passed in cases.items():
        print(f"{'ok' if passed else 'FAILED'}: {name}")
    print(f"openai {openai.__version__}: {sum(cases.values())} of {len(cases)}")
    return 0 if all(cases.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
