using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Code;

/// <summary>What a call into a candidate program gave: plain data, or the candidate's fault.</summary>
/// <param name="Value">The value; null when there is a fault.</param>
/// <param name="Fault">A counted reason such as <c>raised</c>, <c>crashed</c>, <c>over_cpu</c>, <c>idle</c>, <c>over_memory</c>, <c>missing_function</c>; null when there is none.</param>
/// <param name="Detail">What an exception said; empty otherwise.</param>
public readonly record struct CodeAnswer(DataValue? Value, string? Fault, string Detail = "");

/// <summary>One candidate program in a process of its own, and calls into it.</summary>
/// <remarks>
/// The process gets the program, then the arguments of one call at a time, and sends back one plain value a call as typed JSON. Whatever it does to itself, it can say
/// nothing else: values are built and compared here. Each answer carries the random number of its call, made when the call is made. Not safe for several threads.
/// </remarks>
public sealed class CodeSession : IDisposable
{
    private readonly PythonWorker _worker;
    private readonly IDisposable _slot;
    private readonly CancellationToken _cancellation;

    internal CodeSession(PythonWorker worker, IDisposable slot, CancellationToken cancellationToken)
    {
        _worker = worker;
        _slot = slot;
        _cancellation = cancellationToken;
    }

    /// <summary>Why the program can be called no more; null while it can.</summary>
    public string? Ended { get; private set; }

    /// <summary>Runs the program's text once, so that its functions are there.</summary>
    /// <returns>The fault; null when it ran to its end.</returns>
    public CodeAnswer Load(string source) => Call(Encoding.UTF8.GetBytes("{\"op\":\"load\",\"source\":" + TypedJson.Quote(source) + "}"), Bounded()) is { Fault: not null } failed
        ? failed with { Fault = failed.Detail.Split(':')[0] is "SyntaxError" or "IndentationError" or "TabError" ? "syntax_error" : failed.Fault }
        : new CodeAnswer(DataValue.Null, null);

    /// <summary>Calls a function of the program with plain JSON arguments.</summary>
    /// <param name="function">Its name in the program.</param>
    /// <param name="arguments">Arguments by position.</param>
    /// <param name="named">Arguments by name; null for none.</param>
    public CodeAnswer Call(string function, IReadOnlyList<JsonElement> arguments, IReadOnlyDictionary<string, JsonElement>? named = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(arguments);
        var request = new StringBuilder("{\"op\":\"call\",\"name\":").Append(TypedJson.Quote(function)).Append(",\"arguments\":[");
        for (int i = 0; i < arguments.Count; i++)
        {
            request.Append(i == 0 ? "" : ",");
            TypedJson.Write(request, arguments[i]);
        }

        request.Append(']');
        if (named is { Count: > 0 })
        {
            request.Append(",\"named\":[");
            bool first = true;
            foreach (var (name, value) in named)
            {
                request.Append(first ? "[" : ",[").Append(TypedJson.Quote(name)).Append(',');
                TypedJson.Write(request, value);
                request.Append(']');
                first = false;
            }

            request.Append(']');
        }

        return Call(Encoding.UTF8.GetBytes(request.Append('}').ToString()), Bounded());
    }

    /// <summary>When set, receives every request and what was answered, without the number of the call.</summary>
    internal List<string>? Transcript { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _worker.Dispose();
        _slot.Dispose();
    }

    /// <summary>Sends one request and gives back the answer's frame as it came, checked to be JSON with the number of this call; null when the program has ended.</summary>
    internal (byte[] Frame, JsonElement Answer)? Ask(ReadOnlySpan<byte> request)
    {
        if (Ended is not null)
        {
            return null;
        }

        string id = RandomNumberGenerator.GetInt32(1, int.MaxValue).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var head = Encoding.ASCII.GetBytes("{\"id\":" + id + ",");
        _worker.Send([.. head, .. request[1..]]);
        if (_worker.Receive(out bool tooLong) is not { } frame)
        {
            Ended = _worker.Fault(tooLong, _cancellation);
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(frame, TypedJson.Reading);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out var own) && own.ValueKind == JsonValueKind.Number && own.GetRawText() == id)
            {
                Transcript?.Add(Encoding.UTF8.GetString(request) + "\n" + string.Join(',', root.EnumerateObject().Where(p => p.Name != "id").Select(p => p.ToString())));
                return (frame, root.Clone());
            }
        }
        catch (JsonException)
        {
            // Not what the worker writes.
        }

        Ended = "forged_answer";
        _worker.Process.Kill(SandboxEnd.None);
        return null;
    }

    // Steps of reading one answer: a few bytes may stand for a long range.
    private static Work Bounded() => new(8_000_000);

    private CodeAnswer Call(ReadOnlySpan<byte> request, Work work)
    {
        if (Ask(request) is not { } reply)
        {
            return new CodeAnswer(null, Ended);
        }

        if (reply.Answer.TryGetProperty("error", out var error))
        {
            string name = error.ValueKind == JsonValueKind.String ? error.GetRawText().Trim('"') : "Exception";
            string message = reply.Answer.TryGetProperty("message", out var m) ? m.GetRawText() : "";
            return new CodeAnswer(null, name switch { "missing" => "missing_function", "MemoryError" => "over_memory", "NotPlain" => "not_plain", _ => "raised" }, $"{name}: {message}");
        }

        if (!reply.Answer.TryGetProperty("value", out var value))
        {
            return new CodeAnswer(DataValue.Null, null);
        }

        try
        {
            return TypedJson.Read(value, ref work) is { } data ? new CodeAnswer(data, null) : new CodeAnswer(null, "not_plain");
        }
        catch (WorkExceededException)
        {
            return new CodeAnswer(null, "too_much_output");
        }
    }
}
