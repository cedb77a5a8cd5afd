using System.Collections.Concurrent;

namespace Meed.Rewards.Combinators;

/// <summary>A reward among its combinators: which part of it carries state, and whether its reasons name paths.</summary>
internal interface IRewardNode
{
    /// <summary>True when its reasons begin with a path.</summary>
    bool NamesPaths { get; }

    /// <summary>True when it or a part of it has state that <see cref="IStatefulReward.Update"/> changes.</summary>
    bool HasState { get; }
}

/// <summary>A reward that holds others, for whoever walks the tree.</summary>
/// <typeparam name="TSample">What it judges.</typeparam>
internal interface IRewardParent<TSample>
{
    /// <summary>What it holds: the slot in the path, null for a wrapper that adds nothing to it; the weight where there is one; the reward.</summary>
    IEnumerable<(string? Slot, double? Weight, IReward<TSample> Reward)> Held { get; }
}

/// <summary>A reward made of other rewards.</summary>
/// <remarks>
/// Its components are its children, each followed by that child's components as <c>child.component</c>. Its reasons name the path
/// they came from, as in <c>sum[1].judge: ...</c>. Work is the sum of its children's. Scope and determinism follow from the children.
/// </remarks>
/// <typeparam name="TSample">What it judges.</typeparam>
public abstract class Combinator<TSample> : IReward<TSample>, IStatefulReward, IRewardNode, IRewardParent<TSample>
{
    private const int MostCachedReasons = 4096;
    private readonly ConcurrentDictionary<(int, string), string> _reasons = new();
    private readonly int[] _firstComponent;

    /// <summary>A combinator over children.</summary>
    /// <param name="name">Its name in documents.</param>
    /// <param name="children">At least one child with its slot in the path: <c>[0]</c> in a list, <c>.if</c> under a key.</param>
    /// <param name="minimum">Lowest value.</param>
    /// <param name="maximum">Highest value.</param>
    /// <param name="scope">What it adds to the scope of its children.</param>
    /// <param name="random">True when its values depend on the seed.</param>
    /// <param name="stepped">True when its values depend on the step.</param>
    /// <param name="mayNotApply">True when a row may come out as NotApplicable; null when one of its children may.</param>
    protected Combinator(string name, IReadOnlyList<(string Slot, IReward<TSample> Reward)> children, double minimum, double maximum,
        RewardScope scope = RewardScope.Sample, bool random = false, bool stepped = false, bool? mayNotApply = null)
    {
        ArgumentNullException.ThrowIfNull(children);
        Children = children;
        _firstComponent = new int[children.Count];
        var components = new List<string>();
        for (int c = 0; c < children.Count; c++)
        {
            ArgumentNullException.ThrowIfNull(children[c].Reward);
            var child = children[c].Reward.Schema;
            _firstComponent[c] = components.Count;
            string label = child.Name;
            for (int n = 2; components.Contains(label); n++)
            {
                label = $"{child.Name}-{n}";
            }

            components.Add(label);
            components.AddRange(child.Components.Select(part => $"{label}.{part}"));
            scope = child.Scope > scope ? child.Scope : scope;
        }

        if (double.IsNaN(minimum) || double.IsNaN(maximum) || minimum > maximum)
        {
            throw new ArgumentException($"{name}: its range comes out as {minimum} to {maximum}. Check its numbers and the ranges of {string.Join(", ", children.Select(c => c.Reward.Schema.Name))}.");
        }

        Schema = new RewardSchema(name, "1(" + string.Join(",", children.Select(c => $"{c.Reward.Schema.Name} {c.Reward.Schema.Version}")) + ")",
            components, minimum, maximum, scope, !random && children.All(c => c.Reward.Schema.Deterministic))
        {
            MayNotApply = mayNotApply ?? children.Any(c => c.Reward.Schema.MayNotApply),
            DependsOnStep = stepped || children.Any(c => c.Reward.Schema.DependsOnStep),
            PrefersBatches = children.Any(c => c.Reward.Schema.PrefersBatches),
        };
    }

    /// <inheritdoc/>
    public RewardSchema Schema { get; }

    /// <summary>The children with their slots in the path.</summary>
    public IReadOnlyList<(string Slot, IReward<TSample> Reward)> Children { get; }

    IEnumerable<(string? Slot, double? Weight, IReward<TSample> Reward)> IRewardParent<TSample>.Held => Children.Select((c, i) => ((string?)c.Slot, WeightOf(i), c.Reward));

    bool IRewardNode.NamesPaths => true;

    bool IRewardNode.HasState => OwnState || Children.Any(c => c.Reward is IRewardNode { HasState: true } || c.Reward is IStatefulReward and not IRewardNode);

    /// <summary>True when the combinator itself has state.</summary>
    protected virtual bool OwnState => false;

    /// <summary>The weight of a child; null where children have none.</summary>
    protected virtual double? WeightOf(int child) => null;

    /// <inheritdoc/>
    public async ValueTask<Scores> ScoreAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(context);
        var children = await ScoreChildrenAsync(samples, context, cancellationToken).ConfigureAwait(false);
        var result = new Scores(Schema, samples.Count);
        var cause = new int[samples.Count];
        Array.Fill(cause, -1);
        Combine(samples, context, children, result, cause);
        for (int row = 0; row < result.Count; row++)
        {
            Finish(children, result, row, cause[row]);
        }

        for (int c = 0; c < children.Length; c++)
        {
            CopyComponents(children[c], result, _firstComponent[c]);
            result.Reproducible &= children[c].Reproducible;
        }

        result.Report(context, context.Path + Schema.Name);
        return result;
    }

    /// <summary>Scores the children; by default all of them on every row. Rows left Unset were not evaluated.</summary>
    protected virtual async ValueTask<Scores[]> ScoreChildrenAsync(IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken)
    {
        var scores = new Scores[Children.Count];
        for (int c = 0; c < scores.Length; c++)
        {
            scores[c] = await Children[c].Reward.ScoreAsync(samples, ChildContext(context, c), cancellationToken).ConfigureAwait(false);
        }

        return scores;
    }

    /// <summary>Fills values and statuses of every row from the children.</summary>
    /// <param name="samples">The batch.</param>
    /// <param name="context">The call's circumstances.</param>
    /// <param name="children">Scores of the children.</param>
    /// <param name="result">Receives values, statuses, segments, and reasons of its own without a path.</param>
    /// <param name="cause">Receives the child whose reason a row without a number takes over; -1 stands for its own reason, or that of all.</param>
    protected abstract void Combine(IReadOnlyList<TSample> samples, RewardContext context, Scores[] children, Scores result, int[] cause);

    /// <summary>Takes a batch into the combinator's own state; <paramref name="children"/> are the children's scores.</summary>
    protected virtual void UpdateOwn(Scores[] children)
    {
    }

    /// <summary>Writes the combinator's own state.</summary>
    protected virtual void SaveOwn(BinaryWriter to)
    {
    }

    /// <summary>Reads the combinator's own state.</summary>
    protected virtual void LoadOwn(BinaryReader from)
    {
    }

    /// <inheritdoc/>
    public void Update(Scores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (!((IRewardNode)this).HasState)
        {
            return;
        }

        var children = new Scores[Children.Count];
        for (int c = 0; c < children.Length; c++)
        {
            children[c] = View(Children[c].Reward.Schema, scores, _firstComponent[c]);
            if (Children[c].Reward is IStatefulReward stateful)
            {
                stateful.Update(children[c]);
            }
        }

        UpdateOwn(children);
    }

    /// <inheritdoc/>
    public void Save(Stream to)
    {
        foreach (var (_, child) in Children)
        {
            (child as IStatefulReward)?.Save(to);
        }

        using var writer = new BinaryWriter(to, System.Text.Encoding.UTF8, leaveOpen: true);
        SaveOwn(writer);
    }

    /// <inheritdoc/>
    public void Load(Stream from)
    {
        foreach (var (_, child) in Children)
        {
            (child as IStatefulReward)?.Load(from);
        }

        using var reader = new BinaryReader(from, System.Text.Encoding.UTF8, leaveOpen: true);
        LoadOwn(reader);
    }

    /// <summary>The context of a child: its path in the tree.</summary>
    protected RewardContext ChildContext(RewardContext context, int child)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Trace is null ? context : context with { Path = $"{context.Path}{Schema.Name}{Children[child].Slot}." };
    }

    /// <summary>Scores a child on some rows only; the other rows stay Unset.</summary>
    protected async ValueTask<Scores> ScoreRowsAsync(int child, int[] rows, IReadOnlyList<TSample> samples, RewardContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(samples);
        var reward = Children[child].Reward;
        var all = new Scores(reward.Schema, samples.Count);
        if (rows.Length == samples.Count)
        {
            return await reward.ScoreAsync(samples, ChildContext(context, child), cancellationToken).ConfigureAwait(false);
        }

        if (rows.Length > 0)
        {
            var some = await reward.ScoreAsync(Array.ConvertAll(rows, r => samples[r]), ChildContext(context, child).Select(rows, samples.Count), cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < rows.Length; i++)
            {
                all.CopyRow(some, i, rows[i]);
            }

            all.Reproducible = some.Reproducible;
        }

        return all;
    }

    private void Finish(Scores[] children, Scores result, int row, int cause)
    {
        long work = 0;
        string? reasons = null;
        bool ok = result.Status[row] == ScoreStatus.Ok;
        if (ok && !double.IsFinite(result.Values[row]))
        {
            result.Reasons[row] = $"The value came out as {result.Values[row]}.";
            result.Values[row] = 0;
            result.Status[row] = ScoreStatus.VerifierError;
            ok = false;
            cause = -1;
        }

        for (int c = 0; c < children.Length; c++)
        {
            work += children[c].Work[row];
            if (children[c].Reasons[row] is { } reason && (ok || cause == c))
            {
                string named = Prefix(c, reason);
                reasons = reasons is null ? named : $"{reasons}; {named}";
            }
        }

        if (result.Reasons[row] is { } own)
        {
            own = Prefix(-1, own);
            reasons = reasons is null ? own : $"{own}; {reasons}";
        }
        else if (!ok && reasons is null && cause >= 0)
        {
            reasons = Prefix(cause, children[cause].Status[row].ToString());
        }

        result.Reasons[row] = reasons;
        result.Work[row] = work;
    }

    // Reasons are few and rows are many: each composed reason is made once.
    private string Prefix(int child, string reason)
    {
        if (_reasons.TryGetValue((child, reason), out string? known))
        {
            return known;
        }

        string named = child < 0 ? $"{Schema.Name}: {reason}"
            : Children[child].Reward is IRewardNode { NamesPaths: true } ? $"{Schema.Name}{Children[child].Slot}.{reason}"
            : $"{Schema.Name}{Children[child].Slot}.{Children[child].Reward.Schema.Name}: {reason}";
        if (_reasons.Count < MostCachedReasons)
        {
            _reasons.TryAdd((child, reason), named);
        }

        return named;
    }

    private static void CopyComponents(Scores child, Scores result, int first)
    {
        var values = result.Component(first);
        for (int row = 0; row < result.Count; row++)
        {
            values[row] = child.Status[row] == ScoreStatus.Ok ? child.Values[row] : double.NaN;
        }

        for (int c = 0; c < child.Schema.Components.Count; c++)
        {
            child.Component(c).CopyTo(result.Component(first + 1 + c));
        }
    }

    private static Scores View(RewardSchema schema, Scores parent, int first)
    {
        var view = new Scores(schema, parent.Count);
        for (int row = 0; row < parent.Count; row++)
        {
            double value = parent.Component(first)[row];
            view.Values[row] = double.IsNaN(value) ? 0 : value;
            view.Status[row] = double.IsNaN(value) ? ScoreStatus.NotApplicable : ScoreStatus.Ok;
        }

        for (int c = 0; c < schema.Components.Count; c++)
        {
            parent.Component(first + 1 + c).CopyTo(view.Component(c));
        }

        return view;
    }
}
