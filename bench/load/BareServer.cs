using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Meed.Load;

/// <summary>Kestrel with nothing behind it: reads the body to its end and answers one constant.</summary>
internal static class BareServer
{
    private static readonly byte[] s_answer = Encoding.ASCII.GetBytes("""{"rewards":[1],"scores":[1],"extra_logs":{"rm_failed":[0]}}""");

    public static Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.AddServerHeader = false);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        app.Run(async http =>
        {
            var reader = http.Request.BodyReader;
            for (bool done = false; !done;)
            {
                var read = await reader.ReadAsync(http.RequestAborted);
                done = read.IsCompleted;
                reader.AdvanceTo(read.Buffer.End);
            }

            http.Response.ContentType = "application/json";
            http.Response.ContentLength = s_answer.Length;
            await http.Response.BodyWriter.WriteAsync(s_answer, http.RequestAborted);
        });
        return app.RunAsync();
    }
}
