using System.Text.Json;
using Meed.Rewards.Structure;

namespace Meed.Rewards.Tests.Structure;

public class ToolCallTests
{
    private const string Gold = """[{"name":"weather.get","arguments":{"city":"Paris","days":3}},{"name":"weather.get","arguments":{"city":"Rome","days":1}}]""";

    private static async Task<Scores> Score(ToolCallOptions options, string reference, params string[] answers)
        => await new ToolCallReward(options).ScoreAsync([.. answers.Select(a => new TextSample { Response = a, Reference = JsonDocument.Parse(reference).RootElement })], RewardContext.Default, TestContext.Current.CancellationToken);

    [Fact]
    public async Task ToolCallReward_EverySpelling_IsRead()
    {
        var scores = await Score(new(), Gold,
            Gold,
            "```json\n" + Gold + "\n```",
            "I will look.\n<tool_call>\n{\"name\":\"weather.get\",\"arguments\":{\"city\":\"Rome\",\"days\":1.0}}\n</tool_call>\n<tool_call>{\"name\":\"weather.get\",\"arguments\":\"{\\\"city\\\":\\\"Paris\\\",\\\"days\\\":3}\"}</tool_call>",
            "[weather.get(city='Paris', days=3), weather.get(days=1, city=\"Rome\")]",
            "[{\"weather.get\":{\"city\":\"Paris\",\"days\":3}},{\"weather.get\":{\"city\":\"Rome\",\"days\":1}}]",
            "[{\"type\":\"function\",\"function\":{\"name\":\"weather.get\",\"parameters\":{\"city\":\"Paris\",\"days\":3}}},{\"type\":\"function\",\"function\":{\"name\":\"weather.get\",\"arguments\":{\"city\":\"Rome\",\"days\":1}}}]");

        Assert.All(scores.Values.ToArray(), v => Assert.Equal(1, v));
    }

    [Fact]
    public async Task ToolCallReward_CallsOfTheLastTurn_CountBeforeTheText()
    {
        var calls = JsonDocument.Parse("""[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]""").RootElement;
        var sample = new TextSample { Response = "no call here", Turns = [new Message("assistant", "") { ToolCalls = calls }], Reference = JsonDocument.Parse("""[{"name":"f","arguments":{"a":1}}]""").RootElement };

        var scores = await new ToolCallReward(new()).ScoreAsync([sample], RewardContext.Default, TestContext.Current.CancellationToken);

        Assert.Equal(1, scores[0]);
    }

    // The hack table: what answers without knowledge of the right call score, and why that does not pay.
    [Theory]
    [InlineData("", 0, 0)]                                                                                                    // nothing: the calls are missing
    [InlineData("[]", 0, 0)]
    [InlineData("[weather.get(city='Paris', days=3)]", 0, 0.5)]                                                               // half of them
    [InlineData("[weather.get(city='Paris', days=3), weather.get(city='Paris', days=3)]", 0, 0.6666666667)]                   // one twice: the second is paired with Rome, where only its name is right: (1 + 1/3) / 2
    [InlineData("[weather.get(city='Paris', days=3), weather.get(city='Rome', days=1), weather.get(city='Oslo', days=1)]", 0, 0.6666666667)]   // enumerating
    [InlineData("[weather.get(city='Paris', days=3, unit='C'), weather.get(city='Rome', days=1)]", 0, 0.875)]                 // an argument too many
    [InlineData("[weather.get(city='Paris'), weather.get(city='Rome')]", 0, 0.6666666667)]                                    // arguments left out
    [InlineData("[weather(city='Paris', days=3), weather(city='Rome', days=1)]", 0, 0)]                                       // another tool
    [InlineData("[weather.get(city='Paris', days='3'), weather.get(city='Rome', days='1')]", 0, 0.6666666667)]                // a text for a number
    public async Task ToolCallReward_Hacks_DoNotPay(string answer, double value, double part)
    {
        var all = await Score(new(), Gold, answer);
        var share = await Score(new() { Part = true }, Gold, answer);

        Assert.Equal(value, all[0]);
        Assert.Equal(part, share[0], 1e-9);
    }

    [Fact]
    public async Task ToolCallReward_ExtraArgumentsAndNoCallExpected_ByMode()
    {
        Assert.Equal(1, (await Score(new() { ExtraArguments = true }, """[{"name":"f","arguments":{"a":1}}]""", "f(a=1, b=2)"))[0]);
        Assert.Equal(new double[] { 1, 1, 0, 0 }, (await Score(new(), "[]", "I cannot do that.", "[]", "[f()]", "[1, 2]")).Values.ToArray());
        Assert.Equal(ScoreStatus.InvalidReference, (await Score(new(), "[1]", "[]")).Status[0]);
    }

    [Fact]
    public async Task ToolCallReward_Bfcl_GoldPassesAndMutantsFail()
    {
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        var random = new Random(11);
        var options = new ToolCallOptions { Values = ToolValues.Allowed };
        int gold = 0, mutants = 0;
        foreach (var file in new[] { "simple_python", "multiple", "parallel", "live_simple" })
        {
            foreach (var row in DataFiles.Rows($"bfcl/{file}.jsonl.gz"))
            {
                var truth = DataValue.From(row.GetProperty("ground_truth"))!;
                var calls = truth.Items.Select(c => new ToolCall(c.Fields.First().Key, Fill(c.Fields.First().Value))).ToList();
                var samples = new List<TextSample> { new() { Response = Write(calls), Item = row } };
                samples.AddRange(Mutants(calls, random).Select(m => new TextSample { Response = Write(m), Item = row }));

                var scores = await new ToolCallReward(options).ScoreAsync(samples, RewardContext.Default, TestContext.Current.CancellationToken);

                Assert.True(scores[0] == 1, $"{row.GetProperty("id")}: {samples[0].Response}");
                for (int i = 1; i < samples.Count; i++)
                {
                    Assert.True(scores[i] == 0, $"{row.GetProperty("id")}: {samples[i].Response}");
                }

                gold++;
                mutants += samples.Count - 1;
            }
        }

        Assert.Equal(1058, gold);
        DataFiles.CheckGenerated("docs/rewards/structure.md", "bfcl", $"| answers | accepted | of |\n| --- | --- | --- |\n| reference calls | {gold} | {gold} |\n| mutated calls | 0 | {mutants} |\n");
    }

    [Fact]
    public async Task ToolCallReward_BfclIrrelevance_OnlySilencePasses()
    {
        Assert.SkipUnless(DataFiles.Root is not null, DataFiles.Missing);
        foreach (var row in DataFiles.Rows("bfcl/irrelevance.jsonl.gz"))
        {
            var name = row.GetProperty("function")[0].GetProperty("name").GetString();

            var scores = await Score(new(), "[]", "None of the tools helps here.", $"[{name}()]");

            Assert.Equal([1, 0], scores.Values.ToArray());
        }
    }

    [Fact]
    public async Task ToolCallReward_FuzzedAnswers_AreAlwaysScored()
    {
        var sample = new TextSample { Reference = JsonDocument.Parse("""[{"name":"a_tool_of_its_own","arguments":{"x":"an unlikely text"}}]""").RootElement };

        await Fuzz.IsAlwaysScored(new ToolCallReward(new()), sample, correctness: true, 10_000, Gold, "[f(a=1, b=[1,2,{'c': None}])]", "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>");
    }

    private static DataValue Fill(DataValue allowed) => DataValue.Of(allowed.Fields.Where(f => !Optional(f.Value)).ToDictionary(f => f.Key, f => First(f.Value)));

    private static bool Optional(DataValue values) => values.Kind == DataKind.List && (values.Items.Count == 0 || values.Items.Any(v => v is { Kind: DataKind.Text, Text: "" }));

    private static DataValue First(DataValue allowed) => Concrete(allowed.Items[0]);

    private static DataValue Concrete(DataValue option) => option.Kind switch
    {
        DataKind.Map => DataValue.Of(option.Fields.Where(f => !Optional(f.Value)).ToDictionary(f => f.Key, f => f.Value.Kind == DataKind.List ? First(f.Value) : f.Value)),
        DataKind.List => DataValue.Of([.. option.Items.Select(Concrete)]),
        _ => option,
    };

    private static string Write(IEnumerable<ToolCall> calls) => "[" + string.Join(",", calls.Select(c => $"{{\"name\":{JsonSerializer.Serialize(c.Name)},\"arguments\":{c.Arguments}}}")) + "]";

    private static IEnumerable<List<ToolCall>> Mutants(List<ToolCall> calls, Random random)
    {
        int pick = random.Next(calls.Count);
        var call = calls[pick];
        yield return [.. calls.Take(pick), .. calls.Skip(pick + 1)];
        yield return [.. calls, call];
        yield return With(call with { Name = call.Name + "_x" });
        yield return With(Change(call, f => f["no_such_argument"] = DataValue.Of(1)));
        if (call.Arguments.Fields.Count > 0)
        {
            var name = call.Arguments.Fields.Keys.ElementAt(random.Next(call.Arguments.Fields.Count));
            yield return With(Change(call, f => f.Remove(name)));
            yield return With(Change(call, f => f[name] = DataValue.Of("zzz mutated")));
            yield return With(Change(call, f => f[name] = DataValue.Null));
            if (call.Arguments.Fields[name] is { Kind: DataKind.Number } number)
            {
                yield return With(Change(call, f => f[name] = DataValue.Of(number.Number + 7777.5)));
                yield return With(Change(call, f => f[name] = DataValue.Of(number.Text)));
            }
        }

        List<ToolCall> With(ToolCall other) => [.. calls.Take(pick), other, .. calls.Skip(pick + 1)];
    }

    private static ToolCall Change(ToolCall call, Action<Dictionary<string, DataValue>> change)
    {
        var fields = new Dictionary<string, DataValue>(call.Arguments.Fields);
        change(fields);
        return call with { Arguments = DataValue.Of(fields) };
    }
}
