# Typed JSON: null, booleans, numbers, strings and lists are themselves; every other plain type is {"t": name, "v": ...}.
# Both processes run this text. Nothing but plain values can be built from it.
import sys, posix
try:
    import _json
    _text = _json.encode_basestring_ascii

    class _Settings:
        strict = True
        object_hook = object_pairs_hook = None
        parse_float = float
        parse_int = int
        memo = {}

        @staticmethod
        def parse_constant(name):
            raise ValueError(name)

    _scan = _json.make_scanner(_Settings())

    def read_json(text):
        return _scan(text, 0)[0]
except (ImportError, AttributeError):
    import json
    _text = json.dumps
    read_json = json.loads

DEEPEST = 100
# A type by its name is plain: tests hand int or str to a function.
_TYPES = {t.__name__: t for t in (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset, range)}
_FLOATS = {"inf": float("inf"), "-inf": float("-inf"), "nan": float("nan")}


class NotPlain(Exception):
    pass


def write(value, other, depth=0):
    """Typed JSON of a value; `other` writes what is not plain."""
    if value is None:
        return "null"
    kind = type(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return int.__repr__(value) if value.bit_length() <= 14000 else '{"t":"int","v":"%s"}' % hex(value)
    if kind is str:
        return _text(value)
    if kind is float:
        text = float.__repr__(value)
        return text if text[-1].isdigit() else '{"t":"float","v":"%s"}' % text
    if depth > DEEPEST:
        raise NotPlain("deeper than %d levels" % DEEPEST)
    depth += 1
    if kind is list:
        return "[" + ",".join([write(v, other, depth) for v in value]) + "]"
    if kind is tuple or kind is set or kind is frozenset:
        return '{"t":"%s","v":[%s]}' % (kind.__name__, ",".join([write(v, other, depth) for v in value]))
    if kind is dict:
        return '{"t":"dict","v":[%s]}' % ",".join(["[" + write(k, other, depth) + "," + write(v, other, depth) + "]" for k, v in value.items()])
    if kind is bytes or kind is bytearray:
        return '{"t":"%s","v":"%s"}' % (kind.__name__, value.hex())
    if kind is complex:
        return '{"t":"complex","v":[%s,%s]}' % (write(value.real, other), write(value.imag, other))
    if kind is range:
        return '{"t":"range","v":[%s,%s,%s]}' % (write(value.start, other), write(value.stop, other), write(value.step, other))
    if kind is type and _TYPES.get(value.__name__) is value:
        return '{"t":"type","v":"%s"}' % value.__name__
    # A subclass is sent as the plain value under it: what it overrides stays behind.
    for base in (str, dict, list, tuple, int, float, set, frozenset, bytes):
        if isinstance(value, base):
            return write(int.__int__(value) if base is int else float.__float__(value) if base is float else base(value), other, depth)
    return other(value, depth)


def read(tree, ref):
    """The value of parsed typed JSON; `ref` makes what is not plain."""
    kind = type(tree)
    if kind is list:
        return [read(v, ref) for v in tree]
    if kind is not dict:
        return tree
    name, v = tree["t"], tree["v"]
    if name == "dict":
        return {read(k, ref): read(x, ref) for k, x in v}
    if name in ("tuple", "set", "frozenset", "iter"):
        items = [read(x, ref) for x in v]
        return tuple(items) if name == "tuple" else set(items) if name == "set" else frozenset(items) if name == "frozenset" else iter(items)
    if name == "int":
        return int(v, 16)
    if name == "float":
        return _FLOATS[v]
    if name == "bytes":
        return bytes.fromhex(v)
    if name == "bytearray":
        return bytearray.fromhex(v)
    if name == "complex":
        return complex(read(v[0], ref), read(v[1], ref))
    if name == "range":
        return range(*[read(x, ref) for x in v])
    if name == "type":
        return _TYPES[v]
    return ref(tree)


class Channel:
    """Frames of four bytes of length and as many bytes of UTF-8 text, over two file descriptors."""

    def __init__(self, source, sink):
        self.source, self.sink = source, sink

    def _exactly(self, count):
        parts = []
        while count > 0:
            part = posix.read(self.source, min(count, 1 << 16))
            if not part:
                posix._exit(0)
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def receive(self):
        return read_json(self._exactly(int.from_bytes(self._exactly(4), "big")).decode("utf-8", "surrogatepass"))

    def send(self, text):
        data = text.encode("utf-8", "surrogatepass")
        data = len(data).to_bytes(4, "big") + data
        while data:
            data = data[posix.write(self.sink, data):]


def own_channel():
    """Takes stdin and stdout for the channel; whatever prints goes nowhere."""
    channel = Channel(posix.dup(0), posix.dup(1))
    null = posix.open("/dev/null", posix.O_RDWR)
    for fd in (0, 1, 2):
        posix.dup2(null, fd)
    return channel
