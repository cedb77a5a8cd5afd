using Meed.Rewards.Documents;

namespace Meed.Rewards;

/// <summary>Makes a reward from the value of its key in a document. Reports problems to the builder and returns null when there are any.</summary>
/// <typeparam name="TSample">What the reward judges.</typeparam>
public delegate IReward<TSample>? RewardFactory<TSample>(DocumentNode value, string path, RewardBuilder<TSample> builder);

/// <summary>Makes catalog lines of rewards.</summary>
public static class RewardEntry
{
    /// <summary>A reward without children that is made from its options.</summary>
    public static CatalogEntry Of<TSample, TOptions>(string name, string kind, IReadOnlyList<int> rows, string summary, string source, Func<TOptions, IReward<TSample>> make)
        where TOptions : class, new()
        => new(name, kind, rows, summary, source, typeof(TOptions), (RewardFactory<TSample>)((value, path, builder) => builder.Options<TOptions>(value, path) is { } options ? make(options) : null));

    /// <summary>A reward with children: the factory reads its options, whose <see cref="DocumentNode"/> properties are reward documents, and builds them.</summary>
    public static CatalogEntry Tree<TSample, TOptions>(string name, IReadOnlyList<int> rows, string summary, string source, Func<TOptions, string, RewardBuilder<TSample>, IReward<TSample>?> make)
        where TOptions : class, new()
        => new(name, "combinator", rows, summary, source, typeof(TOptions), (RewardFactory<TSample>)((value, path, builder) =>
        {
            if (builder.Options<TOptions>(value, path, out var options))
            {
                return make(options, path, builder);
            }

            try
            {
                // The options are wrong already; the children are built all the same, so that their problems are shown too.
                make(options, path, builder);
            }
            catch (ArgumentException)
            {
                // It follows from the options.
            }

            return null;
        }));

    /// <summary>A reward over a plain list of children, each with an optional weight: <c>sum: [ ... ]</c>.</summary>
    public static CatalogEntry List<TSample>(string name, IReadOnlyList<int> rows, string summary, string source, Func<IReadOnlyList<IReward<TSample>>, IReadOnlyList<double>, IReward<TSample>> make, bool weights = false)
        => new(name, "combinator", rows, summary, source, null, (RewardFactory<TSample>)((value, path, builder) => builder.List(value, path, weights) is { } children ? make(children.Rewards, children.Weights) : null));
}
