using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Meed.Mutate;

/// <summary>The process that runs test cases: reads "run id limit case case ..." lines and answers each with one line.</summary>
/// <remarks>
/// It starts in the folder of a test assembly with that assembly's dependencies, so that thousands of mutants share one start.
/// A case is one test method with one row of arguments. Static fields are filled before the first mutant is on; mutants in their initialisers need a process of their own.
/// </remarks>
internal static class Worker
{
    private const string Answer = "\u0001";
    private static Type s_mutant = null!;

    /// <summary>Runs until the input ends.</summary>
    public static int Run(string tests, string project)
    {
        var answers = Console.Out;
        Console.SetOut(TextWriter.Null);
        var assembly = Assembly.Load(tests);
        var mutated = Assembly.Load(project);
        s_mutant = mutated.GetType("Meed.Mutation.Mutant")!;
        var reached = new bool[100_000];
        bool own = Environment.GetEnvironmentVariable("MEED_MUTANT") is { Length: > 0 };
        if (!own)
        {
            Set("Reached", reached);
            foreach (var type in mutated.GetTypes().Where(t => !t.ContainsGenericParameters))
            {
                try
                {
                    RuntimeHelpers.RunClassConstructor(type.TypeHandle);
                }
                catch (TypeInitializationException)
                {
                    // The tests that need the type will say so.
                }
            }

            Set("Reached", null);
        }

        var cases = Cases(assembly).ToList();
        answers.WriteLine($"{Answer}ready {cases.Count} {Ids(reached)}");
        answers.Flush();
        while (Console.In.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            answers.WriteLine(Answer + words[0] switch
            {
                "map" => Map(cases[int.Parse(words[1], CultureInfo.InvariantCulture)], reached),
                _ => First(cases, own ? null : int.Parse(words[1], CultureInfo.InvariantCulture), long.Parse(words[2], CultureInfo.InvariantCulture), words[3..]),
            });
            answers.Flush();
        }

        return 0;
    }

    /// <summary>Runs a case without a mutant: its name, milliseconds, calls, failure and the mutants it reaches.</summary>
    private static string Map(TestCase test, bool[] reached)
    {
        Array.Clear(reached);
        Set("Reached", reached);
        Set("Calls", 0L);
        var watch = Stopwatch.StartNew();
        string? failure = Failure(test);
        Set("Reached", null);
        return $"{test.Name}\t{watch.Elapsed.TotalMilliseconds.ToString("F2", CultureInfo.InvariantCulture)}\t{s_mutant.GetField("Calls")!.GetValue(null)}\t{OneLine(failure)}\t{Ids(reached)}";
    }

    /// <summary>The first case that fails with the mutant on, or "none". A case has so many calls of choices and no more.</summary>
    private static string First(List<TestCase> cases, int? mutant, long limit, string[] selected)
    {
        foreach (string one in selected)
        {
            string[] parts = one.Split(':');
            int index = int.Parse(parts[0], CultureInfo.InvariantCulture);
            if (mutant is { } id)
            {
                Set("Active", id);
            }

            Set("Calls", 0L);
            Set("Limit", limit + (20 * long.Parse(parts[1], CultureInfo.InvariantCulture)));
            string? failure = Failure(cases[index]);
            bool ended = (long)s_mutant.GetField("Calls")!.GetValue(null)! <= (long)s_mutant.GetField("Limit")!.GetValue(null)!;
            Set("Limit", long.MaxValue);
            if (mutant is not null)
            {
                Set("Active", -1);
            }

            if (failure is not null)
            {
                // The same case without the mutant: what a mutant leaves behind must not count for the next one.
                bool clean = mutant is null || Failure(cases[index]) is null;
                return $"{(ended ? "failed" : "endless")} {index} {(clean ? "clean" : "dirty")} {OneLine(failure)}";
            }
        }

        return "none";
    }

    private static string? Failure(TestCase test)
    {
        object? instance = null;
        try
        {
            var type = test.Method.ReflectedType!;
            if (!test.Method.IsStatic)
            {
                instance = Activator.CreateInstance(type, [.. type.GetConstructors()[0].GetParameters().Select(p => Silent.Of(p.ParameterType))]);
            }

            switch (test.Method.Invoke(instance, test.Arguments))
            {
                case Task task:
                    task.GetAwaiter().GetResult();
                    break;
                case ValueTask task:
                    task.AsTask().GetAwaiter().GetResult();
                    break;
            }

            return null;
        }
        catch (Exception e)
        {
            var inner = e is TargetInvocationException { InnerException: { } i } ? i : e;
            return inner.Message.StartsWith("$XunitDynamicSkip$", StringComparison.Ordinal) ? null : inner.GetType().Name + ": " + inner.Message;
        }
        finally
        {
            (instance as IDisposable)?.Dispose();
        }
    }

    /// <summary>Facts and theories of the short tier, in the order of the assembly.</summary>
    private static IEnumerable<TestCase> Cases(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes().Where(t => t is { IsPublic: true, IsAbstract: false } or { IsAbstract: true, IsSealed: true }))
        {
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static))
            {
                var attributes = method.GetCustomAttributes(inherit: true);
                if (!attributes.Any(a => a.GetType().Name is "FactAttribute" or "TheoryAttribute") || attributes.Concat(type.GetCustomAttributes(inherit: true)).Any(IsLong))
                {
                    continue;
                }

                var rows = attributes.Where(a => a.GetType().GetInterfaces().Any(i => i.Name == "IDataAttribute")).SelectMany(a => Rows(a, method)).ToList();
                for (int i = 0; i < Math.Max(1, rows.Count); i++)
                {
                    yield return new TestCase($"{type.FullName}.{method.Name}#{i}", method, rows.Count == 0 ? [] : Fill(method, rows[i]));
                }
            }
        }
    }

    private static bool IsLong(object attribute) => attribute.GetType().Name == "TraitAttribute" && (string?)attribute.GetType().GetProperty("Value")!.GetValue(attribute) == "long";

    private static IEnumerable<object?[]> Rows(object attribute, MethodInfo method)
    {
        var get = attribute.GetType().GetMethod("GetData")!;
        var tracker = Activator.CreateInstance(get.GetParameters()[1].ParameterType);
        if (attribute.GetType().GetProperty("MemberType") is { } member && member.GetValue(attribute) is null)
        {
            member.SetValue(attribute, method.ReflectedType);
        }

        object data = get.Invoke(attribute, [method, tracker])!;
        object task = data.GetType().GetMethod("AsTask")!.Invoke(data, null)!;
        ((Task)task).GetAwaiter().GetResult();
        foreach (object row in (System.Collections.IEnumerable)task.GetType().GetProperty("Result")!.GetValue(task)!)
        {
            yield return (object?[])row.GetType().GetInterfaces().First(t => t.Name == "ITheoryDataRow").GetMethod("GetData")!.Invoke(row, null)!;
        }
    }

    private static object?[] Fill(MethodInfo method, object?[] row)
    {
        var parameters = method.GetParameters();
        if (parameters.Length > 0 && parameters[^1].GetCustomAttribute<ParamArrayAttribute>() is not null && !(row.Length == parameters.Length && row[^1] is Array))
        {
            var rest = Array.CreateInstance(parameters[^1].ParameterType.GetElementType()!, row.Length - parameters.Length + 1);
            Array.Copy(row, parameters.Length - 1, rest, 0, rest.Length);
            return [.. row[..(parameters.Length - 1)], rest];
        }

        return [.. parameters.Select((p, i) => i < row.Length ? Convert(row[i], p.ParameterType) : p.DefaultValue)];
    }

    private static object? Convert(object? value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value is IConvertible && value.GetType() != type && type.IsPrimitive ? System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture) : value;
    }

    private static void Set(string field, object? value) => s_mutant.GetField(field)!.SetValue(null, value);

    private static string Ids(bool[] reached) => string.Join(' ', Enumerable.Range(0, reached.Length).Where(n => reached[n]));

    private static string OneLine(string? text)
    {
        string line = string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 200 ? line[..200] : line;
    }

    private sealed record TestCase(string Name, MethodInfo Method, object?[] Arguments);
}

/// <summary>Stands in for what a test class asks for and says nothing, such as the output of a test.</summary>
public class Silent : DispatchProxy
{
    /// <summary>An object of an interface whose methods do nothing.</summary>
    public static object Of(Type type) => typeof(DispatchProxy).GetMethods().First(m => m is { Name: "Create", IsGenericMethodDefinition: true }).MakeGenericMethod(type, typeof(Silent)).Invoke(null, null)!;

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.ReturnType == typeof(string) ? "" : null;
}
