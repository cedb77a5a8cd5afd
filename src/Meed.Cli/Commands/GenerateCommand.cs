using System.CommandLine;
using System.Text.Json;
using Meed.Models;
using Meed.Models.Generation;
using Meed.Numerics;
using Meed.Recipes.Training;
using Meed.Rewards;

namespace Meed.Cli.Commands;

/// <summary><c>meed generate</c>: lets a trained model answer.</summary>
internal static class GenerateCommand
{
    public static (Command Command, string[] Examples) Make(Terminal terminal, CancellationToken stop)
    {
        var model = new Argument<string>("model") { Description = "A finished run's folder or a model folder." };
        var prompts = new Argument<string[]>("prompts") { Description = "Prompts; without any they are read from standard input, one a line.", Arity = ArgumentArity.ZeroOrMore };
        var count = new Option<int>("--count", "-n") { Description = "Answers to each prompt.", DefaultValueFactory = _ => 1, HelpName = "n" };
        var temperature = new Option<float>("--temperature") { Description = "0 takes the most probable token.", DefaultValueFactory = _ => 1f, HelpName = "t" };
        var topP = new Option<float>("--top-p") { Description = "Draw from the most probable tokens of this total probability.", DefaultValueFactory = _ => 1f, HelpName = "p" };
        var tokens = new Option<int>("--max-tokens") { Description = "Most tokens of an answer.", DefaultValueFactory = _ => 64, HelpName = "n" };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the draws.", HelpName = "n" };
        var json = new Option<bool>("--json") { Description = "One JSON object an answer, ready for meed score." };
        var command = new Command("generate", "Let a trained model answer prompts.") { model, prompts, count, temperature, topP, tokens, seed, json };
        command.SetAction(parsed =>
        {
            var options = new SamplingOptions { Temperature = parsed.GetValue(temperature), TopP = parsed.GetValue(topP), MaximumNewTokens = parsed.GetValue(tokens) };
            if (options.Problems().FirstOrDefault() is { } problem)
            {
                throw new UsageException(problem);
            }

            if (parsed.GetValue(count) < 1)
            {
                throw new UsageException($"--count is {parsed.GetValue(count)}; write 1 or more.");
            }

            var policy = Load(terminal, parsed.GetValue(model)!, options);
            string[] given = parsed.GetValue(prompts) is { Length: > 0 } list ? list : [.. Lines(Console.In)];
            Run(terminal, policy, given, parsed.GetValue(count), new RandomStream(parsed.GetValue(seed)), parsed.GetValue(json), stop);
            return ExitCode.Ok;
        });
        return (command, ["meed generate runs/countdown/2026-11-21T10-00-00 '3,7,9=30:' -n 4"]);
    }

    private static TransformerPolicy Load(Terminal terminal, string model, SamplingOptions options)
    {
        try
        {
            return SavedModel.Load(terminal.Full(model), options);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void Run(Terminal terminal, TransformerPolicy policy, string[] prompts, int count, RandomStream random, bool json, CancellationToken stop)
    {
        var samples = prompts.Select(p => new TextSample { Prompt = [new Message("user", p)] }).ToList();
        PromptBatch batch;
        try
        {
            batch = PromptBatch.Of(samples, policy.Tokenizer, ChatTemplate.Plain);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter")[0]);
        }

        var rollout = policy.Sample(batch, count, random, policy.Options, stop);
        for (int row = 0; row < rollout.Rows; row++)
        {
            string prompt = prompts[row / count];
            terminal.Out.WriteLine(json
                ? JsonSerializer.Serialize(new { prompt, response = rollout.Samples[row].Response, tokens = rollout.Samples[row].ResponseTokens, truncated = rollout.Samples[row].Truncated }, s_json)
                : $"{prompt} {rollout.Samples[row].Response}");
        }
    }

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }

    private static readonly JsonSerializerOptions s_json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
