using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Meed.Rewards;
using Meed.Server.Hosting;
using Meed.Server.Profiles;

namespace Meed.Server.Tests;

/// <summary>A real server on a free loopback port, with a client.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meed-server-").FullName;

    public HttpClient Client { get; private set; } = null!;

    public List<string> Log { get; } = [];

    public ProfileStore Store { get; private set; } = null!;

    public RewardServer Server { get; private set; } = null!;

    public string ProfilePath => Path.Combine(_folder, "profiles.yaml");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestServer> StartAsync(string yaml)
    {
        var test = new TestServer();
        File.WriteAllText(test.ProfilePath, yaml);
        var registry = new RewardRegistry<TextSample>().Add(Catalog.Entries).Add(Judges.Catalog.Entries);
        var (options, store) = ProfileStore.Open(test.ProfilePath, registry, test.Log.Add, TimeSpan.FromHours(1));
        test.Store = store;
        test.Server = new RewardServer(options with { Listen = "http://127.0.0.1:0" }, store, test.Log.Add);
        await test.Server.StartAsync(Cancel);
        test.Client = new HttpClient { BaseAddress = new Uri(test.Server.Addresses.Single()) };
        return test;
    }

    /// <summary>Posts a body and gives back status and text.</summary>
    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string path, string json, string type = "application/json")
    {
        using var content = new StringContent(json, Encoding.UTF8, type);
        using var answer = await Client.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    /// <summary>Posts a body and reads the answer, which must be 200 and JSON.</summary>
    public async Task<JsonElement> JsonAsync(string path, string json)
    {
        var (status, body) = await PostAsync(path, json);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public Task<string> GetAsync(string path) => Client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);

    /// <summary>Sends text on a new connection exactly as a client would and reads until the server closes.</summary>
    public async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Client.BaseAddress!.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), Cancel);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
