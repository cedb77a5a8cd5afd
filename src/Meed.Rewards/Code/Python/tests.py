# Runs tests that are code. The candidate is not here: its functions are references whose calls go to its own process and come back as plain values.
def _main():
    import ast, builtins, importlib, os, random, resource
    channel = own_channel()
    modules = frozenset(("array", "bisect", "cmath", "collections", "copy", "datetime", "decimal", "fractions", "functools", "heapq", "itertools", "json",
                         "math", "operator", "os", "random", "re", "statistics", "string", "sys", "time", "typing"))
    for name in ("math", "re", "collections", "copy", "string", "heapq", "itertools", "typing"):
        importlib.import_module(name)
    # An exception that ends loops or the process must not travel: a test would stop early and look passed.
    errors = {e.__name__: e for e in (ArithmeticError, AttributeError, IndexError, KeyError, LookupError, NameError, NotImplementedError, OverflowError,
                                      RecursionError, RuntimeError, TypeError, ValueError, ZeroDivisionError)}

    class CandidateError(Exception):
        pass

    def run(job):
        resource.setrlimit(resource.RLIMIT_CPU, (job["cpu"], job["cpu"] + 1))
        random.seed(0)
        calls = 0

        class Reference:
            """A function, class or object of the candidate. It can be called, asked for attributes and handed back; it equals nothing and is neither true nor false."""
            __slots__ = ("_number",)
            __hash__ = None

            def __init__(self, number):
                object.__setattr__(self, "_number", number)

            def __call__(self, *arguments, **named):
                return ask('{"op":"call","v":%d,"arguments":%s,"named":%s}' % (self._number, plain(list(arguments)), plain([[k, v] for k, v in named.items()])))

            def __getattr__(self, name):
                if name.startswith("__"):
                    raise AttributeError(name)
                return ask('{"op":"attribute","v":%d,"name":%s}' % (self._number, plain(name)))

            def __setattr__(self, name, value):
                ask('{"op":"assign","v":%d,"name":%s,"value":%s}' % (self._number, plain(name), plain(value)))

            def _refuse(self, *_):
                raise TypeError("an object of the candidate cannot be compared")

            __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refuse

        def plain(value):
            return write(value, other)

        def other(value, depth):
            if type(value) is Reference:
                return '{"t":"ref","v":%d}' % value._number
            raise NotPlain("a value of type %s cannot be handed to the candidate" % type(value).__name__)

        def ask(text):
            nonlocal calls
            channel.send(text)
            reply = channel.receive()
            calls += 1
            if "end" in reply:
                posix._exit(0)
            if "error" in reply:
                error = errors.get(reply["error"], CandidateError)(reply.get("message", ""))
                error.from_candidate = True
                raise error
            return read(reply["value"], lambda tree: Reference(int(tree["v"])))

        def get(name):
            channel.send('{"op":"get","name":%s}' % plain(name))
            reply = channel.receive()
            if "end" in reply:
                posix._exit(0)
            return None if "error" in reply else (read(reply["value"], lambda tree: Reference(int(tree["v"]))),)

        space = {"__name__": "tests", "__builtins__": builtins}
        missing = set()
        exec(compile(job["context"], "context.py", "exec"), space)
        trees = [ast.parse(job["setup"], "setup.py")] + [ast.parse(unit, "test.py") for unit in job["units"]]
        nodes = [node for tree in trees for node in ast.walk(tree)]
        loaded = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        stored = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
        stored |= {n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
        stored |= {n.arg for n in nodes if isinstance(n, ast.arg)}
        stored |= {(a.asname or a.name).split(".")[0] for n in nodes if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names}
        wanted = sorted(n for n in loaded - stored if n not in space and not hasattr(builtins, n))
        entry = job["entry"]
        if entry is None and not any(n not in modules for n in wanted):
            # The candidate's function has the name of a builtin: it is the one that is called first.
            entry = next((n.func.id for n in ast.walk(trees[1]) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)), None)
        for name in ([entry] if entry else []) + wanted:
            if name in modules and name != entry:
                space[name] = importlib.import_module(name)
                continue
            found = get(name)
            if found is None or (name == entry and type(found[0]) is not Reference):
                missing.add(name)
                space.pop(name, None)
            else:
                # A reference does nothing until it is used; any other value is the candidate's word already.
                calls += type(found[0]) is not Reference
                space[name] = found[0]
        results = []
        for tree in trees:
            verdict = ""
            try:
                exec(compile(tree, "test.py", "exec"), space)
            except NotPlain:
                raise
            except BaseException as e:
                if getattr(e, "from_candidate", False):
                    verdict = "raised"
                elif isinstance(e, NameError) and e.name in missing:
                    verdict = "missing_function"
                elif calls == 0 and not isinstance(e, AssertionError):
                    raise
                else:
                    verdict = "wrong"
            if tree is not trees[0]:
                results.append(verdict)
            elif verdict:
                results = [verdict] * len(job["units"])
                break
            if verdict and job["all"]:
                break
        return '{"done":%s}' % plain(results)

    channel.send('{"id":0}')
    while True:
        job = channel.receive()
        child = os.fork()
        if child == 0:
            try:
                text = run(job)
            except BaseException as e:
                text = '{"invalid":%s}' % write("%s: %s" % (type(e).__name__, str(e)[:150]), None)
            channel.send(text)
            posix._exit(0)
        _, status = os.waitpid(child, 0)
        channel.send('{"ended":%d}' % status)


_main()
