using Meed.Evaluation.Statistics;
using Meed.Evaluation.Studies;
using Meed.Numerics;
using Meed.Recipes.Runs;
using Meed.RewardModels;
using Meed.RewardModels.Curation;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Tasks.PreferenceSet;

namespace Meed.Recipes.Training;

/// <summary>How a reward-model run ended.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Results">What it reached beside rulers.</param>
public sealed record RewardModelEnd(string Folder, RewardModelResults Results) : RunEnd(Folder, Results.Measures(), Results.Seconds);

/// <summary>Runs a reward-model recipe: read, train, measure beside rulers, write the model and the report.</summary>
internal sealed class RewardModelRun
{
    private readonly RewardModelRecipe _recipe;
    private readonly RunFolder _folder;
    private readonly IRunProgress _progress;
    private readonly Func<double> _seconds;
    private readonly CancellationToken _stop;
    private readonly RandomStream _random;
    private readonly PreferenceSetTask? _world;
    private readonly PretrainedTransformers _transformers;
    private IReadOnlyList<(PreferenceRow Row, bool BetterFirst, SplitPart Part)>? _curated;
    private RowSurvey? _survey;
    private long _steps;

    /// <summary>A run in an open folder.</summary>
    public RewardModelRun(RewardModelRecipe recipe, RunFolder folder, IRunProgress progress, Func<double> seconds, CancellationToken stop)
    {
        _recipe = recipe;
        _folder = folder;
        _progress = progress;
        _seconds = seconds;
        _stop = stop;
        _random = new RandomStream(recipe.Seed);
        _world = recipe.World is PreferenceSetOptions world ? new PreferenceSetTask(world) : null;
        _transformers = new PretrainedTransformers(folder, progress, _random, stop);
    }

    /// <summary>Trains, measures and writes the model into the folder.</summary>
    public RewardModelEnd Run()
    {
        var results = Phases();
        return new RewardModelEnd(_folder.Path, results);
    }

    private RewardModelResults Phases()
    {
        if (_recipe.Variants.Count > 0)
        {
            return new RewardVariantsRun(_recipe, RewardModelRows.Read(_recipe, _world), _transformers, _folder, _progress, _seconds, _stop).Run();
        }

        _progress.Phase("Reading and encoding preferences.", 0, null);
        var objective = _recipe.NewObjective();
        var network = NewNetwork(objective.Outputs);
        var data = TrainingData.Read(Held(), network, _stop);
        if (_survey is { } survey)
        {
            _progress.Note($"{survey.Rows.Values.Sum():N0} rows, of which {survey.Sample.Count:N0} are held for measuring; training reads windows of {Window:N0}.");
        }

        int[] parts = [.. new[] { SplitPart.Train, SplitPart.Validation, SplitPart.Test }.Select(p => data.Of(p).Length)];
        _progress.Note($"{data.Responses.Count:N0} responses, comparisons: {parts[0]:N0} training, {parts[1]:N0} validation, {parts[2]:N0} test; {data.Skipped:N0} passed over.");
        int epoch = Train(network, objective, data, [SplitPart.Train], _recipe.Trainer, "train");
        int[] validation = RewardModelMeasurement.Decided(data, SplitPart.Validation), test = RewardModelMeasurement.Decided(data, SplitPart.Test);
        double scale = objective.Calibrated ? 1 : LogOddsScale.Fit(RewardModelMeasurement.LogOdds(network, objective, data, validation), [.. validation.Select(i => (double)data.Comparisons[i].Probability)]);
        if (_recipe.Trainer.Refit)
        {
            (network, objective, data) = Refit(epoch);
        }

        _progress.Phase("Measuring on the test part, beside rulers.", 0, null);
        double[] odds = [.. RewardModelMeasurement.LogOdds(network, objective, data, test).Select(o => o * scale)];
        var sources = test.Length == 0 ? [] : RewardModelMeasurement.Measure(data, test, odds, _recipe.Evaluate.Unigrams ? Unigrams() : null, _recipe.Evaluate, _random.Split("measure", 0).NextUInt64());
        var results = new RewardModelResults
        {
            Name = _recipe.Name, Seed = _recipe.Seed, RecipeHash = _folder.Info.RecipeHash, Version = _folder.Info.Version, Machine = Machine.Here.Class, Date = DateTime.UtcNow.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            Seconds = _seconds(), Model = $"{_recipe.EncoderName}, {_recipe.ObjectiveName}", Parts = parts, Skipped = data.Skipped, Epoch = epoch, Sources = sources,
            BestOf = _world is not null && _recipe.Evaluate.BestOf > 0 ? BestOfCandidates.Measure(_world, _recipe.Seed, _recipe.Evaluate.BestOf, network, objective) : new Dictionary<string, double>(),
        };
        results.Write(_folder.File(RewardModelResults.FileName));
        Save(network, objective, data, results);
        return results;
    }

    private void Save(RewardNetwork network, RewardObjective objective, TrainingData data, RewardModelResults results)
    {
        int[] rows = [.. Enumerable.Range(0, data.Responses.Count).Where(i => data.Responses[i].Part == SplitPart.Train).Take(20_000)];
        float[] scores = network.Score(data.Store, rows);
        double[] rewards = [.. rows.Select((_, i) => objective.Score(scores.AsSpan(i * network.Outputs, network.Outputs)))];
        RewardModel.Of(network, objective, _recipe.Name, rewards).With(i => i with
        {
            TrainedOn = (int)Math.Min(int.MaxValue, Units(objective, data, SplitPart.Train) + (_recipe.Trainer.Refit ? Units(objective, data, SplitPart.Validation) : 0)),
            Sources = data.Sources,
            TestAccuracy = results.Sources.Count > 0 ? results.Sources[0].Accuracy.Value : null,
        }).Save(_folder.File("reward-model"));
        var headline = new Dictionary<string, double>();
        if (results.Sources.Count > 0)
        {
            headline["test accuracy"] = results.Sources[0].Accuracy.Value;
            headline["length accuracy"] = results.Sources[0].Rulers[0].Accuracy;
        }

        foreach (var (name, value) in results.BestOf)
        {
            headline[name.Replace('_', ' ')] = value;
        }

        _folder.Update(i => i with { Headline = headline, Seconds = _seconds(), Step = _steps });
    }

    private (RewardNetwork, RewardObjective, TrainingData) Refit(int epochs)
    {
        _progress.Phase("Training again on training and validation part together.", 0, null);
        var objective = _recipe.NewObjective();
        var network = NewNetwork(objective.Outputs);
        var data = TrainingData.Read(Held(), network, _stop);
        Train(network, objective, data, [SplitPart.Train, SplitPart.Validation], _recipe.Trainer with { Epochs = epochs, Steps = 0, KeepBest = false }, "refit");
        return (network, objective, data);
    }

    private double[] Unigrams()
    {
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        var network = new NGramNetwork(new NGramOptions { Words = 1, Style = false }, 1, new RandomStream(0));
        var data = TrainingData.Read(Held(), network, _stop);
        IReadOnlyList<SplitPart> parts = _recipe.Trainer.Refit ? [SplitPart.Train, SplitPart.Validation] : [SplitPart.Train];
        Learn(network, objective, data, new RewardTrainerOptions(), parts, new RandomStream(0), null, null);
        return RewardModelMeasurement.LogOdds(network, objective, data, RewardModelMeasurement.Decided(data, SplitPart.Test));
    }

    private int Train(RewardNetwork network, RewardObjective objective, TrainingData data, IReadOnlyList<SplitPart> parts, RewardTrainerOptions options, string phase)
    {
        long units = parts.Sum(p => Units(objective, data, p));
        long steps = _survey is null ? options.StepsFor((int)units) : options.Epochs * ((units + options.BatchSize - 1) / options.BatchSize), every = Math.Max(1, steps / 400);
        _progress.Phase($"Training on {units:N0} units of {objective.Name}: {steps:N0} steps.", steps, null);
        return Learn(network, objective, data, options, parts, _random.Split(phase, 0),
            s =>
            {
                (string, double)[] values = [("loss", s.Loss), ("grad_norm", s.GradNorm), ("learning_rate", s.LearningRate)];
                if (s.Step % every == 0 || s.Step == steps)
                {
                    _folder.Scalars(phase, s.Step, values);
                }

                _steps++;
                _progress.Step(s.Step, values);
            },
            e =>
            {
                _folder.Scalars("evaluate", e.Epoch, [($"{phase} loss after epoch", e.Loss)]);
                _progress.Measured(e.Epoch, new Dictionary<string, double> { [parts.Contains(SplitPart.Validation) ? "training loss" : "validation loss"] = e.Loss });
            });
    }

    private int Learn(RewardNetwork network, RewardObjective objective, TrainingData data, RewardTrainerOptions options, IReadOnlyList<SplitPart> parts, RandomStream random, Action<RewardStep>? step, Action<RewardEpoch>? epoch) =>
        _survey is { } survey
            ? RewardTrainer.Stream(network, objective, Rows, parts.Sum(p => survey.Rows[p]), Window, data, options, parts, random, step, epoch, _stop)
            : RewardTrainer.Train(network, objective, data, options, parts, random, step, epoch, _stop);

    // Units of a part: counted, or scaled up from the rows that are held.
    private long Units(RewardObjective objective, TrainingData data, SplitPart part)
    {
        long own = objective.Units(data, part).Length;
        return _survey is { } survey && survey.Sample.Count(r => r.Part == part) is var held and > 0 ? own * survey.Rows[part] / held : own;
    }

    // All rows, or with a window the ones to measure with.
    private IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> Held() =>
        Window == 0 ? Rows() : (_survey ??= RowSurvey.Take(Rows(), Window, _random.Split("survey", 0), _stop)).Sample;

    private RewardNetwork NewNetwork(int outputs) => NewNetwork(outputs, _random.Split("network", 0), null);

    private RewardNetwork NewNetwork(int outputs, RandomStream random, IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)>? rows)
    {
        return _recipe.Encoder switch
        {
            NGramOptions ngrams => new NGramNetwork(ngrams, outputs, random),
            TransformerOptions transformer => _transformers.Network(transformer with { From = RewardModelRecipe.PathOf(transformer.From) }, outputs, random, () => rows ?? Rows(), () => rows ?? Held()),
            ObservationOptions seeing => ObservationNetwork.Create(seeing, outputs, (rows ?? Rows()).Where(r => r.Part == SplitPart.Train).Select(r => r.Row), random),
            FeatureOptions features => FeatureNetwork.Open(features with { Matrix = RewardModelRecipe.PathOf(features.Matrix) }, outputs, random),
            _ => throw new InvalidOperationException($"No network for {_recipe.Encoder}."),
        };
    }

    private IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> Rows()
    {
        if (_curated is { } curated)
        {
            return curated;
        }

        var read = RewardModelRows.Read(_recipe, _world);
        var curation = _recipe.NewCuration();
        if (curation is NoCuration)
        {
            return read;
        }

        var all = read.ToList();
        var trainer = new CurationTrainer(random => NewNetwork(1, random, all), _recipe.Trainer, _random.Split("curation", 0), _stop);
        _progress.Phase($"Curating the training part: {_recipe.CurationName}.", 0, null);
        var rows = curation.Apply([.. all.Where(r => r.Part == SplitPart.Train).Select(r => r.Row)], trainer);
        _progress.Note($"{rows.Count:N0} training rows of {all.Count(r => r.Part == SplitPart.Train):N0} after curation.");
        return _curated = [.. rows.Select(r => (r, false, SplitPart.Train)), .. all.Where(r => r.Part != SplitPart.Train)];
    }

    private int Window => _recipe.Data?.Window ?? 0;
}
