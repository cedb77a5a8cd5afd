using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Meed.Judges.Tests;

/// <summary>A chat completion server in this process that answers what a test tells it to.</summary>
internal sealed class StubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _active;
    private int _most;
    private int _count;

    private StubServer(Func<HttpContext, string, int, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async http =>
        {
            int active = Interlocked.Increment(ref _active);
            int seen;
            while (active > (seen = _most) && Interlocked.CompareExchange(ref _most, active, seen) != seen)
            {
            }

            using var reader = new StreamReader(http.Request.Body);
            string body = await reader.ReadToEndAsync();
            Bodies.Enqueue(body);
            Keys.Enqueue(http.Request.Headers.Authorization.ToString());
            Paths.Enqueue(http.Request.Path);
            try
            {
                await answer(http, body, Interlocked.Increment(ref _count));
            }
            finally
            {
                Interlocked.Decrement(ref _active);
            }
        });
    }

    public ConcurrentQueue<string> Bodies { get; } = new();

    public ConcurrentQueue<string> Keys { get; } = new();

    public ConcurrentQueue<string> Paths { get; } = new();

    /// <summary>Most requests that were under way at once.</summary>
    public int MostActive => _most;

    public JudgeOptions Options => new() { Url = _app.Urls.Single() + "/v1", Backoff = TimeSpan.FromMilliseconds(5), Timeout = TimeSpan.FromSeconds(5) };

    public static async Task<StubServer> StartAsync(Func<HttpContext, string, int, Task> answer)
    {
        var server = new StubServer(answer);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A server that always says the same.</summary>
    public static Task<StubServer> SayingAsync(string text) => StartAsync((http, _, _) => SayAsync(http, text));

    public static Task SayAsync(HttpContext http, string text) => RawAsync(http, JsonSerializer.Serialize(new
    {
        id = "c", model = "stub-1", choices = new[] { new { index = 0, finish_reason = "stop", message = new { role = "assistant", content = text } } },
        usage = new { prompt_tokens = 12, completion_tokens = 3, total_tokens = 15 },
    }));

    public static async Task RawAsync(HttpContext http, string body, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
