using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;
using Meed.Recipes.Runs;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;

namespace Meed.Recipes.Training;

/// <summary>The transformers that reward networks of a run begin from: each has its tokenizer and its next-token training once, however many networks it serves.</summary>
internal sealed class PretrainedTransformers(RunFolder folder, IRunProgress progress, RandomStream random, CancellationToken stop)
{
    private const int TokenizerTexts = 20_000;
    private readonly Dictionary<TransformerOptions, Known> _known = [];

    /// <summary>A network with its head new and its transformer as it was pretrained; new weights where there is no next-token training.</summary>
    /// <param name="options">Its options, paths filled in.</param>
    /// <param name="outputs">Numbers a sample gets.</param>
    /// <param name="own">For its weights.</param>
    /// <param name="all">All rows: their training part makes the tokenizer.</param>
    /// <param name="held">Rows whose training part is predicted token by token.</param>
    public TransformerNetwork Network(TransformerOptions options, int outputs, RandomStream own, Func<IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)>> all, Func<IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)>> held)
    {
        var known = Find(options, own, all, held);
        var model = new Transformer(known.Config, own.Split("weights", 0));
        foreach (var (parameter, values) in known.Weights is null ? [] : model.Parameters.Zip(known.Weights))
        {
            parameter.Load(values);
        }

        return new TransformerNetwork(options, model, known.Tokenizer, outputs, own);
    }

    /// <summary>Seconds that the next-token training of some options took; 0 before it and without one.</summary>
    public double SecondsOf(TransformerOptions options) => _known.TryGetValue(KeyOf(options), out var known) ? known.Seconds : 0;

    /// <summary>Seconds of next-token training so far.</summary>
    public double Spent => _known.Values.Sum(k => k.Seconds);

    private static TransformerOptions KeyOf(TransformerOptions options) => options with { Head = default, HeadSize = 1, Freeze = false };

    private Known Find(TransformerOptions options, RandomStream own, Func<IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)>> all, Func<IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)>> held)
    {
        var key = KeyOf(options);
        if (!_known.TryGetValue(key, out var known))
        {
            var first = TransformerNetwork.Create(key, 1, Texts(all()), own);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            if (key.PretrainSteps > 0)
            {
                Pretrain(first, held());
            }

            bool learned = key.PretrainSteps > 0 || key.From.Length > 0;
            _known[key] = known = new Known(first.Model.Config, first.Tokenizer, learned ? [.. first.Model.Parameters.Select(p => p.Value.ToArray())] : null, key.PretrainSteps > 0 ? Math.Round(clock.Elapsed.TotalSeconds, 2) : 0);
        }

        return known;
    }

    private void Pretrain(TransformerNetwork network, IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> rows)
    {
        progress.Phase("Next-token training on the same text.", network.Options.PretrainSteps, null);

        // Only texts of the training part.
        var data = TrainingData.Read(rows.Where(r => r.Part == SplitPart.Train), network, stop);
        if (data.Responses.Count == 0)
        {
            throw new PreferenceException("There is no text to predict: no row is in the training part.");
        }

        network.Pretrain(data.Store, [.. Enumerable.Range(0, data.Responses.Count)], random.Split("pretrain", 0), (step, loss) =>
        {
            (string, double)[] values = [("loss", loss)];
            if (step % 10 == 0)
            {
                folder.Scalars("pretrain", step, values);
            }

            progress.Step(step, values);
        }, stop);
    }

    private static IEnumerable<string> Texts(IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> rows) => rows.Where(r => r.Part == SplitPart.Train).SelectMany(r => r.Row.Prompt.Select(m => m.Content).Concat(r.Row.Responses.Select(x => x.Text ?? ""))).Take(TokenizerTexts);

    private sealed record Known(TransformerConfig Config, ITokenizer Tokenizer, IReadOnlyList<float[]>? Weights, double Seconds);
}
