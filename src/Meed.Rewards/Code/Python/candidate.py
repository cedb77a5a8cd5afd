# Runs one candidate program and answers calls into it. It knows no expected value and no verdict: all it can say is what a call returned.
def _main():
    import builtins
    channel = own_channel()
    builtins.exit = builtins.quit = sys.exit
    module = type(sys)("candidate")
    sys.modules["candidate"] = module
    space = module.__dict__
    kept = []
    views = (type({}.keys()), type({}.items()))

    def other(value, depth):
        if isinstance(value, views):
            return write(set(value), other, depth)
        if hasattr(type(value), "__next__") or type(value) is type({}.values()):
            items = []
            for item in value:
                items.append(item)
                if len(items) > 100000:
                    raise NotPlain("an iterator of more than 100,000 values")
            return '{"t":"iter","v":%s}' % write(items, other, depth)
        kept.append(value)
        return '{"t":"ref","v":%d}' % (len(kept) - 1)

    def ref(tree):
        return kept[tree["v"]]

    def answer(request):
        kind, name = request["op"], request.get("name")
        if kind == "load":
            exec(compile(request["source"], "candidate.py", "exec"), space)
            return ""
        if kind == "assign":
            setattr(kept[request["v"]], name, read(request["value"], ref))
            return ',"value":null'
        if kind != "attribute" and name is not None and name not in space:
            return ',"error":"missing"'
        if kind == "get":
            value = space[name]
        elif kind == "attribute":
            value = getattr(kept[request["v"]], name)
        else:
            function = kept[request["v"]] if name is None else space[name]
            named = {k: read(v, ref) for k, v in request.get("named", ())}
            value = function(*[read(v, ref) for v in request["arguments"]], **named)
        return ',"value":' + write(value, other)

    channel.send('{"id":0}')
    while True:
        request = channel.receive()
        try:
            text = answer(request)
        except BaseException as e:
            try:
                text = ',"error":%s,"message":%s' % (write(type(e).__name__, other), write(str(e)[:200], other))
            except BaseException:
                text = ',"error":"Exception"'
        channel.send('{"id":' + str(request["id"]) + text + "}")


_main()
