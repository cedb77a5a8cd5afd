using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Meed.Server.Tests;

/// <summary>A server on loopback that keeps what it is sent and answers what a test tells it to: a chat model, or a collector.</summary>
internal sealed class StubJudge : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StubJudge(Func<HttpContext, byte[], Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            Requests.Enqueue((http.Request.Path, body.ToArray()));
            await answer(http, body.ToArray());
        });
    }

    public ConcurrentQueue<(string Path, byte[] Body)> Requests { get; } = new();

    public string Url => _app.Urls.Single();

    public static async Task<StubJudge> StartAsync(Func<HttpContext, byte[], Task> answer)
    {
        var server = new StubJudge(answer);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A judge that gives every answer the same text.</summary>
    public static Task<StubJudge> SayingAsync(string text) => StartAsync((http, _) => SayAsync(http, text));

    public static async Task SayAsync(HttpContext http, string text)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = "judge-1", choices = new[] { new { finish_reason = "stop", message = new { content = text } } }, usage = new { prompt_tokens = 100, completion_tokens = 20 },
        }));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
