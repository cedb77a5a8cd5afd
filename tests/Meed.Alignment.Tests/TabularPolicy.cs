using Meed.Models;
using Meed.Numerics;
using Meed.Rewards;

namespace Meed.Alignment.Tests;

/// <summary>A bandit as a language policy: the prompt is one token naming the context, the answer one token naming the arm.</summary>
internal sealed class TabularPolicy(int contexts, int arms, string name = "table") : IPolicy
{
    public Parameter Table { get; } = new(name, Tensor.Zeros(contexts, arms));

    public IEnumerable<Parameter> Parameters => [Table];

    public int Arms => arms;

    public Rollout Sample(PromptBatch prompts, int perPrompt, RandomStream random)
    {
        float[] logProbs = AllLogProbs();
        var questions = new List<int[]>();
        var answers = new List<int[]>();
        var samples = new List<TextSample>();
        for (int p = 0; p < prompts.Count; p++)
        {
            int context = prompts.Tokens[p][0];
            double[] weights = [.. logProbs.Skip(context * arms).Take(arms).Select(l => Math.Exp(l))];
            for (int g = 0; g < perPrompt; g++)
            {
                int arm = random.NextIndex(weights);
                questions.Add(prompts.Tokens[p]);
                answers.Add([arm]);
                samples.Add(prompts.Samples[p] with { Response = arm.ToString(), ResponseTokens = 1 });
            }
        }

        var tokens = TokenBatch.From(questions, answers);
        using var scope = Tape.Begin(record: false);
        return new Rollout(tokens, LogProbs(tokens).ToArray(), samples, [.. Enumerable.Range(0, prompts.Count + 1).Select(p => p * perPrompt)]);
    }

    public Tensor LogProbs(TokenBatch tokens)
    {
        int[] contexts = [.. Enumerable.Range(0, tokens.Rows).Select(b => tokens.Tokens[b * 2])];
        int[] chosen = [.. Enumerable.Range(0, tokens.Rows).Select(b => tokens.Tokens[(b * 2) + 1])];
        var answer = Table.Value.LogSoftmax().Take(0, contexts).Gather(chosen).Reshape(tokens.Rows, 1);   // [B, 1]
        return Tensor.Concat(1, Tensor.Zeros(tokens.Rows, 1), answer);                                    // [B, 2]
    }

    public Tensor Logits(TokenBatch tokens) => Table.Value.Take(0, [.. Enumerable.Range(0, tokens.Rows).Select(b => tokens.Tokens[b * 2])]);   // [N, V], N = B

    public float[] AllLogProbs()
    {
        using var scope = Tape.Begin(record: false);
        return Table.Value.LogSoftmax().ToArray();
    }

    public double Probability(int context, int arm) => Math.Exp(AllLogProbs()[(context * arms) + arm]);
}

/// <summary>Contexts drawn uniformly.</summary>
internal sealed class TabularPrompts(int contexts) : Meed.Alignment.Prompts.IPromptSource
{
    public PromptBatch Draw(int count, RandomStream random)
    {
        int[][] tokens = [.. Enumerable.Range(0, count).Select(_ => new[] { random.NextInt(contexts) })];
        return new PromptBatch(tokens, [.. tokens.Select(t => TextSample.Of("", t[0].ToString()))]);
    }
}

/// <summary>A reward given by a table of contexts and arms; a cell may fail.</summary>
internal sealed class TabularReward(Func<int, int, double> value, Func<int, int, bool>? fails = null) : IReward<TextSample>, IStatefulReward
{
    public int Updates { get; private set; }

    public RewardSchema Schema { get; } = new("table", "1", ["half"], -1000, 1000, RewardScope.Sample, true);

    public ValueTask<Scores> ScoreAsync(IReadOnlyList<TextSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        var scores = new Scores(Schema, samples.Count);
        for (int i = 0; i < samples.Count; i++)
        {
            int at = int.Parse(samples[i].Reference.GetString()!), arm = int.Parse(samples[i].Response);
            var row = new ScoreRow(scores, i);
            if (fails?.Invoke(at, arm) == true)
            {
                row.Fail(ScoreStatus.Timeout, "slow");
                scores.Values[i] = double.NaN;
            }
            else
            {
                row.Set(value(at, arm));
                row.Component(0, value(at, arm) / 2);
            }
        }

        return ValueTask.FromResult(scores);
    }

    public void Update(Scores scores) => Updates++;

    public void Save(Stream to) => to.WriteByte((byte)Updates);

    public void Load(Stream from) => Updates = from.ReadByte();
}
