using System.Text;

namespace Meed.Load;

/// <summary>One kind of bad request with the statuses that answer it rightly.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Bytes">The request as it goes over the wire.</param>
/// <param name="Statuses">Right statuses; none where the client hangs up before it is answered.</param>
/// <param name="Closes">True when the connection is not used again.</param>
internal sealed record Hostile(string Name, byte[] Bytes, int[] Statuses, bool Closes = false)
{
    /// <summary>Every kind, for a server whose largest body is <paramref name="mostBytes"/>.</summary>
    public static IReadOnlyList<Hostile> All(int mostBytes) =>
    [
        new("tower of powers in open braces", Right("\\\\boxed{" + new string('{', 2000) + "9^9^9^9^9"), [200]),
        new("answer of 200,000 digits", Right(new string('9', 200_000)), [200]),
        new("factorials of factorials", Right("\\\\boxed{99999999!!!!!!}"), [200]),
        new("broken JSON", Post("""{"query":["a"""), [400]),
        new("empty body", Post(""), [400]),
        new("half of a surrogate pair", Post("""{"query":["\ud800"],"prompts":["p"],"labels":["1"]}"""), [400]),
        new("1,000 levels of lists", Post("{\"query\":" + new string('[', 1000) + new string(']', 1000) + "}"), [400]),
        new("wrong types", Post("""{"query":[{"a":1}],"prompts":7,"labels":null}"""), [400]),
        new("lists of different length", Post("""{"query":["a","b"],"prompts":["a"],"labels":["1"]}"""), [400]),
        new("bytes that are no UTF-8", [.. Encoding.ASCII.GetBytes("POST /get_reward HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"query\":[\""), 0xff, 0xfe, 0xfd, (byte)'"', (byte)']'], [400]),
        new("unknown profile", Post("{}", "/p/nowhere/get_reward"), [404]),
        new("unknown endpoint", Post("{}", "/get_rewards"), [404]),
        new("wrong method", Encoding.ASCII.GetBytes("GET /get_reward HTTP/1.1\r\nHost: x\r\n\r\n"), [405]),
        new("body over the limit", Encoding.ASCII.GetBytes($"POST /get_reward HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {mostBytes + 1}\r\n\r\n{{\"query\":["), [413], Closes: true),
        new("no HTTP", Encoding.ASCII.GetBytes("HELO reward\r\n\r\n"), [400], Closes: true),
        new("gone in the middle of a body", Encoding.ASCII.GetBytes("POST /get_reward HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"query\":["), [], Closes: true),
        new("gone before the answer", Right("1", "/p/gone/get_reward"), [], Closes: true),
    ];

    private static byte[] Right(string response, string path = "/get_reward") => Post($"{{\"query\":[\"p{response}\"],\"prompts\":[\"p\"],\"labels\":[\"72\"]}}", path);

    private static byte[] Post(string body, string path = "/get_reward")
        => Encoding.UTF8.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
