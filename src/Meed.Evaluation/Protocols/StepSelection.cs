using Meed.Numerics;

namespace Meed.Evaluation.Protocols;

/// <summary>An answer in steps with an outcome score and step scores.</summary>
/// <param name="Right">Whether it is right.</param>
/// <param name="Outcome">Score of the whole answer.</param>
/// <param name="Steps">Score of each step.</param>
public sealed record SteppedAnswer(bool Right, double Outcome, IReadOnlyList<double> Steps);

/// <summary>Choosing among N answers by an outcome scorer or by a step scorer.</summary>
/// <remarks>
/// After ViLBench (Tu et al. 2025, arXiv:2503.20271). Step scores become one number by their minimum, mean or product. Items where step scoring matters, whose filter the paper leaves open, are settled as those that hold right and wrong
/// answers and on which both scorers choose differently.
/// </remarks>
public static class StepSelection
{
    /// <summary>One number of step scores in 0 to 1.</summary>
    public static double Merge(IReadOnlyList<double> steps, Bench.StepReduction reduction) => Bench.StoredScores.Reduce(steps, reduction);

    /// <summary>Index of the answer that is chosen by outcome, or by steps; the first of equals.</summary>
    public static int Choose(IReadOnlyList<SteppedAnswer> answers, Bench.StepReduction? steps)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return Enumerable.Range(0, answers.Count).MaxBy(i => steps is { } how ? Merge(answers[i].Steps, how) : answers[i].Outcome);
    }

    /// <summary>True for an item on which the choice matters: right and wrong answers, and another choice by steps than by outcome.</summary>
    public static bool Matters(IReadOnlyList<SteppedAnswer> answers, Bench.StepReduction steps)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return answers.Any(a => a.Right) && answers.Any(a => !a.Right) && Choose(answers, steps) != Choose(answers, null);
    }
}

/// <summary>A labelled prefix.</summary>
/// <typeparam name="TStep">A step.</typeparam>
/// <param name="Prefix">Steps up to and with the labelled one.</param>
/// <param name="Value">Mean correctness of what follows.</param>
/// <param name="Visits">Rollouts behind it.</param>
/// <param name="Before">Value of the prefix without its last step: where it is 0, an earlier step is already wrong and this label says nothing about the last one.</param>
public readonly record struct StepValue<TStep>(IReadOnlyList<TStep> Prefix, double Value, int Visits, double Before);

/// <summary>Labels of steps by search: from each prefix of an answer, how often finishing leads to a right end.</summary>
/// <remarks>
/// A tree over prefixes in the manner of ViLBench and of Math-Shepherd (arXiv:2312.08935): a node is chosen by its upper confidence bound v + c·√(ln N / n), extended by one sampled step, finished by a rollout, and the end's
/// correctness is added to every node on the way. The label of a step is the mean value of its node.
/// </remarks>
public static class StepTreeSearch
{
    /// <summary>Labels from one item.</summary>
    /// <typeparam name="TStep">A step.</typeparam>
    /// <param name="propose">Samples the next step after a prefix; null at the end.</param>
    /// <param name="right">Whether a finished answer is right.</param>
    /// <param name="rollouts">Rollouts to spend.</param>
    /// <param name="width">Most different steps after one prefix.</param>
    /// <param name="random">Draws.</param>
    /// <param name="explore">c.</param>
    public static IReadOnlyList<StepValue<TStep>> Run<TStep>(Func<IReadOnlyList<TStep>, RandomStream, (bool More, TStep Step)> propose, Func<IReadOnlyList<TStep>, bool> right, int rollouts, int width, RandomStream random, double explore = 1)
    {
        ArgumentNullException.ThrowIfNull(propose);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(random);
        var root = new Node<TStep>([], null);
        var all = new List<Node<TStep>>();
        for (int r = 0; r < rollouts; r++)
        {
            var path = new List<Node<TStep>> { root };
            var node = root;
            while (node.Children.Count >= width)
            {
                node = node.Children.MaxBy(c => (c.Sum / c.Visits) + (explore * Math.Sqrt(Math.Log(node.Visits) / c.Visits)))!;
                path.Add(node);
            }

            var steps = node.Prefix.ToList();
            var (more, step) = propose(steps, random);
            if (more)
            {
                steps.Add(step);
                var child = new Node<TStep>([.. steps], node);
                node.Children.Add(child);
                all.Add(child);
                path.Add(child);
                while (propose(steps, random) is (true, var next))
                {
                    steps.Add(next);
                }
            }

            double value = right(steps) ? 1 : 0;
            foreach (var seen in path)
            {
                seen.Sum += value;
                seen.Visits++;
            }
        }

        return [.. all.Select(n => new StepValue<TStep>(n.Prefix, n.Sum / n.Visits, n.Visits, n.Parent!.Sum / n.Parent.Visits))];
    }

    private sealed class Node<TStep>(IReadOnlyList<TStep> prefix, Node<TStep>? parent)
    {
        public Node<TStep>? Parent => parent;

        public IReadOnlyList<TStep> Prefix => prefix;

        public List<Node<TStep>> Children { get; } = [];

        public double Sum { get; set; }

        public int Visits { get; set; }
    }
}
