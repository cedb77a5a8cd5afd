using System.CommandLine;
using Meed.Judges;
using Meed.Recipes.Documents;
using Meed.Server.Hosting;

namespace Meed.Cli.Commands;

/// <summary><c>meed serve</c>: rewards over HTTP for trainers.</summary>
internal static class ServeCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var profiles = new Argument<string>("profiles") { Description = "YAML file of profiles: a name, its reward document and settings." };
        var listen = new Option<string?>("--listen") { Description = "Address, in place of the file's; loopback unless another is named.", HelpName = "url" };
        var judge = new Option<string?>("--judge-url") { Description = "Chat model for profiles that name no judge of their own. Its key is read from MEED_JUDGE_KEY.", HelpName = "url" };
        var command = new Command("serve", "Answer trainers' reward requests over HTTP.") { profiles, listen, judge };
        command.SetAction(async (parsed, _) =>
        {
            using var client = ScoreCommand.Client(parsed.GetValue(judge));
            return await RunAsync(terminal, terminal.Full(parsed.GetValue(profiles)!), parsed.GetValue(listen), client, stop).ConfigureAwait(false);
        });
        return (command, ["meed serve rewards.yaml", "meed serve rewards.yaml --listen http://0.0.0.0:8600"]);
    }

    private static async Task<int> RunAsync(Terminal terminal, string path, string? listen, JudgeClient? judge, CancellationToken stop)
    {
        RewardServer server;
        try
        {
            server = RewardServer.Open(path, judge is null ? RewardCatalog.All : RewardCatalog.All.With(new JudgeEndpoint(judge)), listen, terminal.Error.WriteLine);
        }
        catch (ArgumentException e) when (e.ParamName == "listen")
        {
            throw new UsageException(e.Message.Split(" (Parameter")[0]);
        }

        await using (server.ConfigureAwait(false))
        {
            await server.StartAsync(stop).ConfigureAwait(false);
            foreach (string address in server.Addresses)
            {
                terminal.Out.WriteLine($"Serving {string.Join(", ", server.Profiles)} on {address}");
                if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && !uri.IsLoopback)
                {
                    terminal.Error.WriteLine($"{address} is reachable from other machines. Profiles without a token answer everybody.");
                }
            }

            terminal.Out.WriteLine("Ctrl-C stops after answering what was accepted. GET / lists the endpoints.");
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = stop.Register(() => ended.TrySetResult());
            await ended.Task.ConfigureAwait(false);
            terminal.Out.WriteLine("Stopping: answering what was accepted.");
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }
}
