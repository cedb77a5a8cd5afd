using System.Diagnostics;
using System.Globalization;
using Meed.Evaluation.Statistics;
using Meed.Numerics;
using Meed.Recipes.Documents;
using Meed.Recipes.Runs;
using Meed.RewardModels;
using Meed.RewardModels.Data;
using Meed.RewardModels.Networks;
using Meed.RewardModels.Training;
using Meed.Rewards.Documents;

namespace Meed.Recipes.Training;

/// <summary>Trains every variant of a recipe on the same comparisons, measures all of them on the same test part, and lets the validation part choose one.</summary>
/// <remarks>
/// Log-odds of every variant are multiplied by one factor, fitted on the validation part, so that their log losses differ by what they know and not by how loud they say it. The lowest validation log loss,
/// before that part is trained on, chooses; the test part is looked at once, after all choices.
/// </remarks>
internal sealed class RewardVariantsRun(RewardModelRecipe recipe, IEnumerable<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> source, PretrainedTransformers transformers, RunFolder folder, IRunProgress progress, Func<double> seconds, CancellationToken stop)
{
    /// <summary>File in the run folder with the chosen variant as a reward document.</summary>
    public const string RewardFile = "reward.yaml";

    private const int RowsForBounds = 2000;
    private readonly RandomStream _random = new(recipe.Seed);
    private readonly Dictionary<string, Fit> _fits = [];
    private IReadOnlyList<(PreferenceRow Row, bool BetterFirst, SplitPart Part)> _rows = [];
    private (object Key, TrainingData Data)? _encoded;
    private TrainingData _facts = null!;
    private int[] _validation = [];
    private int[] _test = [];

    /// <summary>Results of the chosen variant, with those of all.</summary>
    public RewardModelResults Run()
    {
        progress.Phase("Reading preferences and training the ruler of single words.", 0, null);
        _rows = [.. source];
        double[] unigrams = Unigrams();
        int[] parts = [.. new[] { SplitPart.Train, SplitPart.Validation, SplitPart.Test }.Select(p => _facts.Of(p).Length)];
        progress.Note($"{_facts.Responses.Count:N0} responses, comparisons: {parts[0]:N0} training, {parts[1]:N0} validation, {parts[2]:N0} test; {_facts.Skipped:N0} passed over; {recipe.Variants.Count} variants.");
        if (_validation.Length == 0 || _test.Length == 0)
        {
            throw new PreferenceException($"There are {_validation.Length} decided comparisons in the validation part and {_test.Length} in the test part; variants need both, to choose and to measure.");
        }

        progress.Note(string.Create(CultureInfo.InvariantCulture, $"length: validation accuracy {100 * RewardModelMeasurement.LengthAccuracy(_facts, _validation):F1} %."));
        foreach (var variant in recipe.Variants)
        {
            stop.ThrowIfCancellationRequested();
            var fit = variant.Ensemble is { } ensemble ? ensemble.By is VariantMix.BestForSource or VariantMix.CalibratedForSource ? Best(ensemble) : Mix(ensemble) : Train(variant);
            _fits[variant.Name] = fit;
            progress.Note(string.Create(CultureInfo.InvariantCulture, $"{variant.Name}: validation log loss {fit.Loss:F4}, accuracy {100 * fit.Accuracy:F1} %, {fit.Seconds:F0} s."));
        }

        string chosen = recipe.Variants.MinBy(v => _fits[v.Name].Loss)!.Name;
        progress.Phase($"Measuring on the test part, beside rulers; the validation part chose {chosen}.", 0, null);
        ulong seed = _random.Split("measure", 0).NextUInt64();
        var measured = recipe.Variants.ToDictionary(v => v.Name, v => RewardModelMeasurement.Measure(_facts, _test, [.. _fits[v.Name].Test.Odds.Select(o => o * _fits[v.Name].Factor)], recipe.Evaluate.Unigrams ? unigrams : null, recipe.Evaluate, seed));
        var variants = recipe.Variants.Select(v => Result(v, _fits[v.Name], measured[v.Name], v.Name == chosen)).ToList();
        var best = variants.First(v => v.Chosen);
        var results = new RewardModelResults
        {
            Name = recipe.Name, Seed = recipe.Seed, RecipeHash = folder.Info.RecipeHash, Version = folder.Info.Version, Machine = Machine.Here.Class, Date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            Seconds = seconds(), Model = best.Objective.Length > 0 ? $"{best.Encoder}; {best.Objective}" : best.Encoder, Parts = parts, Skipped = _facts.Skipped, Epoch = best.Epoch, Sources = measured[chosen], Variants = variants,
        };
        results.Write(folder.File(RewardModelResults.FileName));
        Keep(chosen, results);
        return results;
    }

    private static VariantResult Result(RewardVariant variant, Fit fit, IReadOnlyList<SourceResult> sources, bool chosen) => new()
    {
        Name = variant.Name, Encoder = variant.EncoderWords, Objective = variant.ObjectiveWords, Seconds = fit.Seconds, PretrainSeconds = fit.PretrainSeconds, Parameters = fit.Parameters, Epoch = fit.Epoch, Members = fit.Members, Chosen = chosen,
        ValidationLogLoss = Math.Round(fit.Loss, 5), ValidationAccuracy = Math.Round(fit.Accuracy, 5),
        Sources = [.. sources.Select(s => s with { Calibration = [], Rulers = [.. s.Rulers.Where(r => r.Name is RewardModelMeasurement.Length or "unigrams")] })],
    };

    // The chosen variant is a reward document; the best trained one with one model is the run's reward model.
    private void Keep(string chosen, RewardModelResults results)
    {
        Disk.ReplaceText(folder.File(RewardFile), DocumentWriter.ToYaml(Scaled(chosen)));
        var single = recipe.Variants.Where(v => v is { Ensemble: null, PerSource: false }).MinBy(v => _fits[v.Name].Loss);
        if (single is not null)
        {
            CopyFolder(folder.File(Path.Combine("models", single.Name)), folder.File("reward-model"));
        }

        folder.Update(i => i with { Headline = new Dictionary<string, double> { ["test accuracy"] = results.Sources[0].Accuracy.Value, ["length accuracy"] = results.Sources[0].Rulers[0].Accuracy }, Seconds = results.Seconds, Step = 0 });   // the models' steps do not add up to one count
    }

    // In log-odds, centred on the validation part.
    private DocumentNode Scaled(string name)
    {
        var variant = recipe.Variants.First(v => v.Name == name);
        var fit = _fits[name];
        string path = Path.GetFullPath(folder.File(Path.Combine("models", name)));
        var reward = variant switch
        {
            { Ensemble.By: VariantMix.BestForSource or VariantMix.CalibratedForSource } => VariantDocuments.BySource(fit.Members.Select(m => (m.Key, VariantDocuments.Scaled(Scaled(m.Value), fit.Factors[m.Key], 0)))),
            { Ensemble: { } ensemble } => VariantDocuments.Mixed(ensemble, ensemble.Of.Select(Scaled)),
            { PerSource: true } => VariantDocuments.BySource(_facts.Sources.Select(s => (s, Path.Combine(path, s))).Where(s => Directory.Exists(s.Item2)).Select(s => (s.s, VariantDocuments.Model(s.Item2)))),
            _ => VariantDocuments.Model(path),
        };
        return VariantDocuments.Scaled(reward, fit.RewardFactor, fit.Centre);
    }

    private Fit Train(RewardVariant variant)
    {
        var own = variant.Recipe;
        var time = Stopwatch.StartNew();
        double spent = transformers.Spent;
        var fit = new Fit(_validation.Length, _test.Length);
        progress.Phase($"Variant {variant.Name}: {variant.EncoderWords}; {variant.ObjectiveWords}.", 0, null);
        foreach (int only in variant.PerSource ? Enumerable.Range(0, _facts.Sources.Count) : [-1])
        {
            RewardObjective Objective() => only < 0 ? own.NewObjective() : new SourceObjective(own.NewObjective(), only);
            bool Takes(int i) => only < 0 || _facts.Comparisons[i].Source == only;
            var objective = Objective();
            var network = NewNetwork(own, objective.Outputs);
            var data = Encode(own, network);
            if (objective.Units(data, SplitPart.Train).Length == 0)
            {
                progress.Note($"{variant.Name}: {_facts.Sources[only]} has no training comparisons, so its model stays at even odds.");
                continue;
            }

            int epoch = Learn(variant.Name, network, objective, data, own.Trainer, [SplitPart.Train]);
            Fill(fit.Validation, _validation, Takes, network, objective, data);
            if (own.Trainer.Refit)
            {
                objective = Objective();
                network = NewNetwork(own, objective.Outputs);
                Learn(variant.Name, network, objective, data, own.Trainer with { Epochs = epoch, Steps = 0, KeepBest = false }, [SplitPart.Train, SplitPart.Validation]);
            }

            Fill(fit.Test, _test, Takes, network, objective, data);
            fit.Epoch = Math.Max(fit.Epoch, epoch);
            fit.Parameters += network.Weights.Sum(w => (long)w.Value.Length);
            Save(variant.Name, only, network, objective, data, own.Trainer.Refit);
        }

        Judge(fit);
        fit.PretrainSeconds = own.Encoder is TransformerOptions pretrained ? transformers.SecondsOf(Filled(pretrained)) : 0;
        fit.Seconds = Math.Round(time.Elapsed.TotalSeconds - (transformers.Spent - spent), 2);
        return fit;
    }

    private int Learn(string name, RewardNetwork network, RewardObjective objective, TrainingData data, RewardTrainerOptions options, IReadOnlyList<SplitPart> parts)
    {
        bool chooses = !parts.Contains(SplitPart.Validation);
        long every = Math.Max(1, options.StepsFor(parts.Sum(p => objective.Units(data, p).Length)) / 100);
        return RewardTrainer.Train(network, objective, data, options, parts, _random.Split(chooses ? "train" : "refit", 0),
            s =>
            {
                if (s.Step % every == 0)
                {
                    folder.Scalars(name, s.Step, [($"{(chooses ? "train" : "refit")} loss", s.Loss)]);
                }
            },
            e => folder.Scalars("evaluate", e.Epoch, [($"{name} {(chooses ? "validation" : "training")} loss after epoch", e.Loss)]), stop);
    }

    // Members centred and scaled on the validation part, then mixed response by response.
    private Fit Mix(VariantEnsemble ensemble)
    {
        Fit[] members = [.. ensemble.Of.Select(m => _fits[m])];
        var fit = new Fit(_validation.Length, _test.Length);
        void Side(Func<Fit, double[]> of, double[] to)
        {
            for (int i = 0; i < to.Length; i++)
            {
                double[] values = [.. members.Select(m => m.RewardFactor * (of(m)[i] - m.Centre))];
                double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
                to[i] = ensemble.By == VariantMix.Mean ? mean : mean - (ensemble.K * deviation);
            }
        }

        Side(m => m.Validation.First, fit.Validation.First);
        Side(m => m.Validation.Second, fit.Validation.Second);
        Side(m => m.Test.First, fit.Test.First);
        Side(m => m.Test.Second, fit.Test.Second);
        foreach (var sides in (Sides[])[fit.Validation, fit.Test])
        {
            sides.Differences().CopyTo(sides.Odds, 0);
        }

        Judge(fit);
        fit.Seconds = Math.Round(Trained(ensemble.Of).Distinct().Sum(m => _fits[m].Seconds), 2);
        return fit;
    }

    // Each source goes to the member with the lowest validation log loss on it; one without a validation part to the best of all.
    private Fit Best(VariantEnsemble ensemble)
    {
        var fit = new Fit(_validation.Length, _test.Length);
        for (int source = 0; source < _facts.Sources.Count; source++)
        {
            int[] own = [.. Enumerable.Range(0, _validation.Length).Where(k => _facts.Comparisons[_validation[k]].Source == source)];
            double[] labels = [.. own.Select(k => (double)_facts.Comparisons[_validation[k]].Probability)];
            double Loss(string m, double times) => own.Length == 0 ? _fits[m].Loss : Calibration.LogLoss([.. own.Select(k => 1 / (1 + Math.Exp(-_fits[m].Validation.Odds[k] * _fits[m].Factor * times)))], labels);
            double Times(string m) => ensemble.By == VariantMix.BestForSource || own.Length == 0 ? 1 : Math.Clamp(LogOddsScale.Fit([.. own.Select(k => _fits[m].Validation.Odds[k] * _fits[m].Factor)], labels), 0.2, 5);
            string name = ensemble.Of.MinBy(m => Loss(m, Times(m)))!;
            double factor = fit.Factors[_facts.Sources[source]] = Times(name);
            var member = _fits[name];
            fit.Members[_facts.Sources[source]] = name;
            foreach (var (from, to, comparisons) in ((Sides, Sides, int[])[])[(member.Validation, fit.Validation, _validation), (member.Test, fit.Test, _test)])
            {
                for (int k = 0; k < comparisons.Length; k++)
                {
                    if (_facts.Comparisons[comparisons[k]].Source == source)
                    {
                        (to.First[k], to.Second[k], to.Odds[k]) = (factor * member.RewardFactor * (from.First[k] - member.Centre), factor * member.RewardFactor * (from.Second[k] - member.Centre), factor * member.Factor * from.Odds[k]);
                    }
                }
            }
        }

        Judge(fit);
        fit.Seconds = Math.Round(Trained(ensemble.Of).Distinct().Sum(m => _fits[m].Seconds), 2);
        return fit;
    }

    // The trained variants below some, through ensembles of ensembles.
    private IEnumerable<string> Trained(IEnumerable<string> names) => names.SelectMany(n => recipe.Variants.First(v => v.Name == n).Ensemble is { } ensemble ? Trained(ensemble.Of) : [n]);

    private static void Fill(Sides to, int[] comparisons, Func<int, bool> takes, RewardNetwork network, RewardObjective objective, TrainingData data)
    {
        int[] places = [.. Enumerable.Range(0, comparisons.Length).Where(k => takes(comparisons[k]))];
        int[] own = Array.ConvertAll(places, k => comparisons[k]);
        var (first, second) = RewardModelMeasurement.Rewards(network, objective, data, own);
        double[] odds = RewardModelMeasurement.LogOdds(network, objective, data, own);
        for (int i = 0; i < places.Length; i++)
        {
            (to.First[places[i]], to.Second[places[i]], to.Odds[places[i]]) = (first[i], second[i], odds[i]);
        }
    }

    private void Save(string name, int only, RewardNetwork network, RewardObjective objective, TrainingData data, bool refit)
    {
        int[] rows = [.. Enumerable.Range(0, data.Responses.Count).Where(i => data.Responses[i].Part == SplitPart.Train && (only < 0 || data.Responses[i].Source == only)).Take(RowsForBounds)];
        float[] scores = network.Score(data.Store, rows);
        int trained = objective.Units(data, SplitPart.Train).Length + (refit ? objective.Units(data, SplitPart.Validation).Length : 0);
        string path = Path.Combine("models", name, only < 0 ? "" : data.Sources[only]);
        RewardModel.Of(network, objective, recipe.Name, [.. rows.Select((_, i) => objective.Score(scores.AsSpan(i * network.Outputs, network.Outputs)))])
            .With(i => i with { TrainedOn = trained, Sources = only < 0 ? data.Sources : [data.Sources[only]] }).Save(folder.File(path));
    }

    private double[] Unigrams()
    {
        var objective = new BradleyTerryObjective(new BradleyTerryOptions());
        var network = new NGramNetwork(new NGramOptions { Words = 1, Style = false }, 1, new RandomStream(0));
        _facts = TrainingData.Read(_rows, network, stop);
        (_validation, _test) = (RewardModelMeasurement.Decided(_facts, SplitPart.Validation), RewardModelMeasurement.Decided(_facts, SplitPart.Test));
        IReadOnlyList<SplitPart> parts = recipe.Trainer.Refit ? [SplitPart.Train, SplitPart.Validation] : [SplitPart.Train];
        RewardTrainer.Train(network, objective, _facts, new RewardTrainerOptions(), parts, new RandomStream(0), stop: stop);
        return RewardModelMeasurement.LogOdds(network, objective, _facts, _test);
    }

    private RewardNetwork NewNetwork(RewardModelRecipe own, int outputs) => own.Encoder switch
    {
        NGramOptions ngrams => new NGramNetwork(ngrams, outputs, _random.Split("network", 0)),
        TransformerOptions transformer => transformers.Network(Filled(transformer), outputs, _random.Split("network", 0), () => _rows, () => _rows),
        ObservationOptions seeing => ObservationNetwork.Create(seeing, outputs, _rows.Where(r => r.Part == SplitPart.Train).Select(r => r.Row), _random.Split("network", 0)),
        FeatureOptions features => FeatureNetwork.Open(features with { Matrix = RewardModelRecipe.PathOf(features.Matrix) }, outputs, _random.Split("network", 0)),
        _ => throw new InvalidOperationException($"No network for {own.Encoder}."),
    };

    private static TransformerOptions Filled(TransformerOptions options) => options with { From = RewardModelRecipe.PathOf(options.From) };

    // Variants that follow each other and encode the text alike share one encoding.
    private TrainingData Encode(RewardModelRecipe own, RewardNetwork network)
    {
        object key = own.Encoder switch
        {
            NGramOptions n => n with { Rank = Math.Min(1, n.Rank) },
            TransformerOptions { Freeze: true, Head: not HeadKind.Attention } t => t with { Head = HeadKind.Linear, HeadSize = 1 },
            TransformerOptions t => t with { Head = HeadKind.Attention, HeadSize = 1, Freeze = false, PretrainSteps = 0, PretrainRate = 1, PretrainRows = 1 },
            FeatureOptions f => f with { Head = HeadKind.Linear, HeadSize = 1 },
            _ => own.Encoder,
        };
        if (_encoded is not { } known || !known.Key.Equals(key))
        {
            _encoded = null;
            _encoded = (key, TrainingData.Read(_rows, network, stop));
        }

        return _encoded.Value.Data;
    }

    // What the validation part says of a fit: its factor, its loss, its accuracy.
    private void Judge(Fit fit)
    {
        double[] labels = [.. _validation.Select(i => (double)_facts.Comparisons[i].Probability)];
        fit.Factor = LogOddsScale.Fit(fit.Validation.Odds, labels);
        fit.RewardFactor = LogOddsScale.Fit(fit.Validation.Differences(), labels);
        fit.Centre = fit.Validation.First.Concat(fit.Validation.Second).Average();
        fit.Loss = Calibration.LogLoss([.. fit.Validation.Odds.Select(o => 1 / (1 + Math.Exp(-o * fit.Factor)))], labels);
        fit.Accuracy = fit.Validation.Odds.Select((o, k) => o == 0 ? 0.5 : (o > 0) == (labels[k] > 0.5) ? 1.0 : 0.0).Average();
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    // Rewards of both sides of some comparisons, and the log-odds that follow.
    private sealed class Sides(int count)
    {
        public double[] First { get; } = new double[count];

        public double[] Second { get; } = new double[count];

        public double[] Odds { get; } = new double[count];

        public double[] Differences() => [.. First.Select((f, i) => f - Second[i])];
    }

    // Factor belongs to log-odds, RewardFactor to differences of rewards, Centre to rewards.
    private sealed class Fit(int validation, int test)
    {
        public Sides Validation { get; } = new(validation);

        public Sides Test { get; } = new(test);

        public double Factor { get; set; } = 1;

        public double RewardFactor { get; set; } = 1;

        public double Centre { get; set; }

        public double Loss { get; set; }

        public double Accuracy { get; set; }

        public double Seconds { get; set; }

        public double PretrainSeconds { get; set; }

        public long Parameters { get; set; }

        public int Epoch { get; set; }

        public Dictionary<string, string> Members { get; } = [];

        public Dictionary<string, double> Factors { get; } = [];
    }
}
