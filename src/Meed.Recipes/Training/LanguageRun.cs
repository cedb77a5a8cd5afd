using System.Diagnostics;
using System.Text.Json;
using Meed.Alignment;
using Meed.Alignment.Evaluation;
using Meed.Alignment.Prompts;
using Meed.Models;
using Meed.Models.Generation;
using Meed.Models.Tokenizers;
using Meed.Models.Transformers;
using Meed.Numerics;
using Meed.Recipes.Report;
using Meed.Recipes.Runs;
using Meed.Rewards;
using Meed.Tasks;

namespace Meed.Recipes.Training;

/// <summary>How a language run ended.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Measures">Results on held-out items after training, by name; empty when it did not get there.</param>
/// <param name="Seconds">Seconds of work, over all parts of a resumed run.</param>
/// <param name="Samples">The same held-out prompts before and after.</param>
public sealed record LanguageEnd(string Folder, IReadOnlyDictionary<string, double> Measures, double Seconds, IReadOnlyList<RunSample> Samples) : RunEnd(Folder, Measures, Seconds);

/// <summary>Runs a language recipe: warm start, measure, train by reward, measure again, report.</summary>
internal sealed class LanguageRun
{
    private static readonly TimeSpan BetweenSamples = TimeSpan.FromSeconds(4);

    private readonly LanguageRecipe _recipe;
    private readonly RunFolder _folder;
    private readonly IRunProgress _progress;
    private readonly CancellationToken _stop;
    private readonly RandomStream _random;
    private readonly ITokenizer _tokenizer;
    private readonly Measurement _measurement;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly double _before;
    private readonly List<RunSample> _shown = [];
    private (double Gold, double Kl)? _best;
    private double _kl;

    private LanguageRun(LanguageRecipe recipe, RunFolder folder, IRunProgress progress, CancellationToken stop)
    {
        _recipe = recipe;
        _folder = folder;
        _progress = progress;
        _stop = stop;
        _before = folder.Info.Seconds;
        _random = new RandomStream(recipe.Seed);
        IReadOnlyList<string> special = [Tokenizer.Pad, Tokenizer.Begin, Tokenizer.End];
        _tokenizer = recipe.Policy.Tokenizer switch
        {
            TokenizerKind.Bytes => new ByteTokenizer(special),
            TokenizerKind.Numbers => NumberTokens.Create(special),
            _ => new CharacterTokenizer(recipe.Task.Alphabet, special),
        };
        _measurement = new Measurement(recipe, _tokenizer);
    }

    /// <summary>Begins a new run.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="root">The runs folder.</param>
    /// <param name="progress">Hears about it.</param>
    /// <param name="stop">Asks for a stop after the current step.</param>
    public static Task<LanguageEnd> StartAsync(LanguageRecipe recipe, string root, IRunProgress progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return new LanguageRun(recipe, recipe.Begin(root), progress, stop).RunAsync(null);
    }

    /// <summary>Goes on with a run that stopped before its end.</summary>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="path">Its folder.</param>
    /// <param name="progress">Hears about it.</param>
    /// <param name="stop">Asks for a stop after the current step.</param>
    public static Task<LanguageEnd> ResumeAsync(LanguageRecipe recipe, string path, IRunProgress progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(recipe);
        var store = new CheckpointStore(Path.Combine(path, "checkpoints"));
        var open = store.OpenNewest(out var skipped);
        foreach (string sentence in skipped)
        {
            progress.Note($"{sentence} Going on from the one before.");
        }

        long order = open is { } found ? long.Parse(Path.GetFileNameWithoutExtension(found.Path)) : 0;
        if (open is null)
        {
            progress.Note("The run has no checkpoint yet: it begins again.");
        }

        var folder = RunFolder.Resume(path, open?.Header, order);
        return new LanguageRun(recipe, folder, progress, stop).RunAsync(open is { } o ? (o.Header, o.State) : null);
    }

    private async Task<LanguageEnd> RunAsync((CheckpointHeader Header, Stream State)? from)
    {
        using (_folder)
        {
            try
            {
                var result = await PhasesAsync(from).ConfigureAwait(false);
                return result;
            }
            catch (Exception e)
            {
                bool stopped = e is OperationCanceledException && _stop.IsCancellationRequested;
                Close(stopped ? RunStatus.Interrupted : RunStatus.Failed, stopped ? ResumeHint() : e.Message);
                if (stopped)
                {
                    return new LanguageEnd(_folder.Path, new Dictionary<string, double>(), Seconds, _shown) { Interrupted = true };
                }

                if (e is IOException io && Disk.IsFull(io))
                {
                    throw new IOException($"The disk is full at {_folder.Path}; everything up to the last checkpoint is there. Free some space, then go on with: meed train --resume {_folder.Path}", io);
                }

                throw;
            }
        }
    }

    private async Task<LanguageEnd> PhasesAsync((CheckpointHeader Header, Stream State)? from)
    {
        var policy = NewPolicy();
        _progress.Note($"{_folder.Path}: {policy.Model.ParameterCount:#,0} parameters, {_recipe.WarmStart.Demonstrations:#,0} demonstrations, seed {_recipe.Seed}.");
        var sft = new SftTrainer(_recipe.WarmStart.Sft, policy, Demonstrations(), _random.Split("warm-start", 0));
        if (from is not { Header.Phase: "train" })
        {
            if (from is { } warm)
            {
                ReadExtra(warm.State);
                sft.State.Load(warm.State);
            }

            await WarmStartAsync(sft, policy).ConfigureAwait(false);
            await MeasureAsync(policy, "before", 0).ConfigureAwait(false);
            if (_recipe.WarmStart.NewTokens.Length > 0)
            {
                NewTokens.Begin(policy.Model, _tokenizer.Encode(_recipe.WarmStart.NewTokens), _tokenizer.Encode(_recipe.WarmStart.Like));
            }
        }

        var reference = _recipe.Trainer.NeedsReference || _recipe.Trainer.KlEvery > 0 ? NewPolicy() : null;
        reference?.Model.CopyFrom(policy.Model);
        var prompts = new TaskPrompts(_recipe.Task, _tokenizer, ChatTemplate.Plain, undemonstrated: _recipe.WarmStart.Undemonstrated);
        var grpo = new GrpoTrainer(_recipe.Trainer, policy, reference, prompts, _recipe.Reward.Reward, _random.Split("train", 0));
        if (from is { Header.Phase: "train" } trained)
        {
            ReadExtra(trained.State);
            grpo.State.Load(trained.State);
        }
        else
        {
            Checkpoint("train", grpo.State);
        }

        await TrainAsync(grpo, policy).ConfigureAwait(false);
        var measures = await MeasureAsync(policy, "after", grpo.State.Step).ConfigureAwait(false);
        if (_recipe.Evaluate.PosteriorBeta > 0)
        {
            measures = await ComparePosteriorAsync(policy, reference ?? throw new InvalidOperationException("A comparison with the posterior needs the policy before training: set trainer.grpo.klEvery above 0."), measures, grpo.State.Step).ConfigureAwait(false);
        }

        SavedModel.Save(policy, _folder.File("model"));
        Close(RunStatus.Finished, null);
        return new LanguageEnd(_folder.Path, measures, Seconds, _shown);
    }

    private async Task WarmStartAsync(SftTrainer trainer, TransformerPolicy policy)
    {
        if (_recipe.WarmStart.Demonstrations == 0)
        {
            return;
        }

        _progress.Phase("warm-start", _recipe.WarmStart.Sft.Steps, _recipe.WarmStart.Sft.Budget);
        var prompts = new TaskPrompts(_recipe.Task, _tokenizer, ChatTemplate.Plain);
        var shown = Stopwatch.StartNew();
        foreach (var step in trainer.Run())
        {
            Log("warm-start", step);
            if (shown.Elapsed >= BetweenSamples)
            {
                shown.Restart();
                _progress.Sample(await SampleAsync(policy, prompts, step.Step).ConfigureAwait(false));
            }

            AfterStep("warm-start", step.Step, trainer.State);
        }

        Checkpoint("warm-start", trainer.State);
        _stop.ThrowIfCancellationRequested();
    }

    // One answer to look at while nothing else samples. It draws from streams of its own and is stored nowhere, so the run's bytes do not depend on when it is taken.
    private async Task<RunSample> SampleAsync(TransformerPolicy policy, TaskPrompts prompts, long step)
    {
        var random = _random.Split("look", step);
        var rollout = policy.Sample(prompts.Draw(1, random.Split("prompts")), 1, random.Split("answers"));
        var scores = await _recipe.Task.Gold.ScoreAsync(rollout.Samples, new RewardContext(), _stop).ConfigureAwait(false);
        return Measurement.SampleOf(rollout.Samples[0], scores, 0, "warm-start", step);
    }

    private async Task TrainAsync(GrpoTrainer trainer, TransformerPolicy policy)
    {
        _progress.Phase("train", _recipe.Trainer.Steps, _recipe.Trainer.Budget);
        await foreach (var step in trainer.RunAsync(CancellationToken.None).ConfigureAwait(false))
        {
            Log("train", step);
            _kl = step.Scalars.Where(s => s.Key == "kl/answer").Select(s => s.Value).FirstOrDefault(_kl);
            if (step is { Rollout: { } rollout, Scores: { } scores })
            {
                _progress.Sample(Measurement.SampleOf(rollout.Samples[0], scores, 0, "train", step.Step));
            }

            if (_recipe.Evaluate.Every > 0 && step.Step % _recipe.Evaluate.Every == 0 && step.Step < _recipe.Trainer.Steps)
            {
                var measured = await _measurement.RunAsync(policy, _recipe.Evaluate.ItemsOnTheWay, 2, "train", step.Step, _random, CancellationToken.None).ConfigureAwait(false);
                var values = _recipe.Trainer.KlBudget > 0 ? With(measured.Values, [("kl/answer", _kl)]) : measured.Values;   // of the rollout before the update
                _best = _best is { } best && best.Gold >= values["gold"] ? best : (values["gold"], _kl);
                _folder.Scalars("evaluate", step.Step, [.. values.Select(m => (m.Key, m.Value))]);
                _folder.Samples(measured.Samples);
                _progress.Measured(step.Step, values);
            }

            AfterStep("train", step.Step, trainer.State);
        }

        if (trainer.StoppedAtKl is { } spent)
        {
            _kl = spent;
            _progress.Note(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Stopped by the budget: KL of an answer is {spent:0.00} nats after {trainer.State.Step} updates; the budget is {_recipe.Trainer.KlBudget}."));
        }

        Checkpoint("train", trainer.State);
    }

    // The same held-out items and draws before and after, so that the difference is the training's.
    private async Task<IReadOnlyDictionary<string, double>> MeasureAsync(TransformerPolicy policy, string phase, long step)
    {
        _progress.Phase(phase, 0, null);
        var (measures, samples) = await _measurement.RunAsync(policy, _recipe.Evaluate.Items, _recipe.Report.Samples, phase, step, _random, _stop).ConfigureAwait(false);
        _folder.Scalars("evaluate", step, [.. measures.Select(m => (m.Key, m.Value))]);
        _folder.Samples(samples);
        _shown.AddRange(samples);
        _folder.Update(info => info with { Headline = With(info.Headline, measures.Where(m => Headlined(m.Key)).Select(m => ($"{m.Key} {phase}", m.Value)).Concat(phase == "after" ? Budget() : [])) });
        _progress.Measured(step, measures);
        return measures;
    }

    // With a budget of KL the story is gold against the trained-on reward.
    private bool Headlined(string measure) => measure.StartsWith("pass@", StringComparison.Ordinal) || (_recipe.Trainer.KlBudget > 0 && (measure is "gold" or "reward"));

    private IEnumerable<(string, double)> Budget() => _recipe.Trainer.KlBudget == 0 ? []
        : _best is { } best ? [("kl/answer after", _kl), ("gold best on the way", best.Gold), ("kl/answer at best gold", best.Kl)] : [("kl/answer after", _kl)];

    private async Task<IReadOnlyDictionary<string, double>> ComparePosteriorAsync(TransformerPolicy policy, TransformerPolicy prior, IReadOnlyDictionary<string, double> measures, long step)
    {
        var e = _recipe.Evaluate;
        var prompts = PromptBatch.Of([.. TaskItems.HeldOut(_recipe.Task, e.PosteriorItems).Select(i => i.Sample)], _tokenizer, ChatTemplate.Plain);
        var result = await PosteriorDistance.MeasureAsync(policy, prior, prompts, _recipe.Reward.Reward, _tokenizer, _recipe.Policy.MaximumNewTokens, e.PosteriorBeta, _stop).ConfigureAwait(false);
        (string Name, double Value)[] more = [("posterior_kl", result.Kl), ("answer_entropy", result.Entropy), ("posterior_entropy", result.TargetEntropy)];
        _folder.Scalars("evaluate", step, more);
        var all = With(measures, more);
        _progress.Measured(step, all);
        return all;
    }

    private void Log(string phase, TrainerStep step)
    {
        var values = step.Scalars.Concat(step.Timings).Select(p => (p.Key, p.Value)).ToList();
        _folder.Scalars(phase, step.Step, values);
        _progress.Step(step.Step, values);
    }

    private void AfterStep(string phase, long step, TrainerState state)
    {
        bool stop = _stop.IsCancellationRequested;
        if (stop || step % _recipe.Report.CheckpointEvery == 0)
        {
            Checkpoint(phase, state);
        }

        _stop.ThrowIfCancellationRequested();
    }

    private void Checkpoint(string phase, TrainerState state)
    {
        _folder.Checkpoint(phase, state.Step, stream =>
        {
            byte[] extra = JsonSerializer.SerializeToUtf8Bytes(new Extra(_folder.Info.Headline, _shown, _best?.Gold, _best?.Kl, _kl));
            stream.Write(BitConverter.GetBytes(extra.Length));
            stream.Write(extra);
            state.Save(stream);
        });
        _folder.Update(info => info with { Seconds = Seconds });
    }

    private sealed record Extra(IReadOnlyDictionary<string, double> Headline, IReadOnlyList<RunSample> Shown, double? BestGold = null, double? KlAtBest = null, double Kl = 0);

    private void ReadExtra(Stream state)
    {
        var length = new byte[4];
        state.ReadExactly(length);
        var bytes = new byte[BitConverter.ToInt32(length)];
        state.ReadExactly(bytes);
        var extra = JsonSerializer.Deserialize<Extra>(bytes)!;
        _shown.AddRange(extra.Shown);
        _best = extra.BestGold is { } gold ? (gold, extra.KlAtBest ?? 0) : null;
        _kl = extra.Kl;
        _folder.Update(info => info with { Headline = extra.Headline });
    }

    private TransformerPolicy NewPolicy()
    {
        var p = _recipe.Policy;
        var config = new TransformerConfig
        {
            VocabularySize = _tokenizer.VocabularySize, HiddenSize = p.HiddenSize, Layers = p.Layers, Heads = p.Heads, KeyValueHeads = p.KeyValueHeads, IntermediateSize = p.IntermediateSize,
            MaximumPositions = p.MaximumPositions, TieEmbeddings = p.TieEmbeddings, BeginToken = _tokenizer.BeginToken, PadToken = _tokenizer.PadToken, EndTokens = _tokenizer.EndToken is { } end ? [end] : [],
        };
        return new TransformerPolicy(new Transformer(config, _random.Split("weights", 0)), _tokenizer, new SamplingOptions { Temperature = p.Temperature, MaximumNewTokens = p.MaximumNewTokens });
    }

    private Demonstrations Demonstrations() =>
        new(TaskItems.Demonstrations(_recipe.Task, Math.Max(1, _recipe.WarmStart.Demonstrations), _random.Split("demonstrations", 0).NextUInt64()), _tokenizer, ChatTemplate.Plain);

    private double Seconds => Math.Round(_before + _clock.Elapsed.TotalSeconds, 2);

    private string ResumeHint() => $"Stopped at a checkpoint. Go on with: meed train --resume {_folder.Path}";

    // Best effort where the run failed: the first error is the one to show.
    private void Close(RunStatus status, string? message)
    {
        try
        {
            _folder.Update(info => info with { Status = status, Finished = DateTime.UtcNow, Seconds = Seconds, Message = message, PeakMegabytes = Machine.PeakMegabytes() });
            RunReport.Write(_folder.Path);
        }
        catch (IOException) when (status == RunStatus.Failed)
        {
            // The disk is full: what stands there stays.
        }
    }

    private static Dictionary<string, double> With(IReadOnlyDictionary<string, double> old, IEnumerable<(string Name, double Value)> more)
    {
        var result = new Dictionary<string, double>(old);
        foreach (var (name, value) in more)
        {
            result[name] = value;
        }

        return result;
    }
}
