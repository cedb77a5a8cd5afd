using System.Text;

namespace Meed.Numerics;

/// <summary>A counter-based stream of random numbers with named children.</summary>
/// <remarks>
/// Number i of a stream is a block of Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") under the
/// stream's 64-bit key and counter i, so that the state is two integers and a stream can be stored, resumed and split without drawing.
/// A child's key depends on the parent's key, the child's name and how often that name was split before; drawing from the parent or
/// splitting other names does not change it. A stream serves one thread at a time; give each its own child.
/// </remarks>
public sealed class RandomStream
{
    private readonly Dictionary<string, long> _splits;
    private readonly ulong _key;
    private ulong _counter;
    private ulong _spare;
    private bool _hasSpare;

    /// <summary>The stream of a seed.</summary>
    public RandomStream(ulong seed)
    {
        _key = Mix(seed + 0x9E3779B97F4A7C15UL);
        _splits = [];
    }

    /// <summary>The stream in a stored state.</summary>
    public RandomStream(RandomState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _key = state.Key;
        _counter = state.Counter >> 1;
        _splits = new Dictionary<string, long>(state.Splits);
        if ((state.Counter & 1) != 0)
        {
            _counter--;
            NextUInt64();
        }
    }

    private RandomStream(ulong key, Dictionary<string, long> splits)
    {
        _key = key;
        _splits = splits;
    }

    /// <summary>The state from which an equal stream continues.</summary>
    public RandomState State => new(_key, (_counter << 1) | (_hasSpare ? 1UL : 0UL), new Dictionary<string, long>(_splits));

    /// <summary>A child stream. The same name gives a new child each time: the first, second, ... of that name.</summary>
    public RandomStream Split(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _splits.TryGetValue(name, out long count);
        _splits[name] = count + 1;
        return Split(name, count);
    }

    /// <summary>The child of a name and number; the parent does not change.</summary>
    public RandomStream Split(string name, long index)
    {
        ArgumentNullException.ThrowIfNull(name);
        ulong key = Mix(_key ^ 0xD1B54A32D192ED03UL);
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            key = Mix(key ^ b);
        }

        return new RandomStream(Mix(key + Mix((ulong)index + 0x8CB92BA72F3D8DD7UL)), []);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        Philox(_counter++, out ulong first, out _spare);
        _hasSpare = true;
        return first;
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, 1), a multiple of 2^-24.</summary>
    public float NextFloat() => (NextUInt64() >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in {0, ..., <paramref name="count"/> - 1}, without bias.</summary>
    public int NextInt(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);

        // Lemire 2019, "Fast random integer generation in an interval".
        ulong high = Math.BigMul(NextUInt64(), (ulong)count, out ulong low);
        if (low < (ulong)count)
        {
            ulong threshold = (0UL - (ulong)count) % (ulong)count;
            while (low < threshold)
            {
                high = Math.BigMul(NextUInt64(), (ulong)count, out low);
            }
        }

        return (int)high;
    }

    /// <summary>Uniform in {<paramref name="minimum"/>, ..., <paramref name="maximum"/> - 1}.</summary>
    public int NextInt(int minimum, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(minimum, maximum);
        long span = (long)maximum - minimum;
        return span <= int.MaxValue
            ? minimum + NextInt((int)span)
            : (int)(minimum + (long)(NextDouble() * span));
    }

    /// <summary>Standard normal, by Box and Muller (the cosine half).</summary>
    public double NextNormal()
    {
        double radius = Math.Sqrt(-2.0 * Math.Log(1.0 - NextDouble()));
        return radius * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    /// <summary>True with the given probability.</summary>
    public bool NextBool(double probability = 0.5) => NextDouble() < probability;

    /// <summary>Index i with probability weights[i] / sum of weights. Weights are finite and not negative, and one is above 0.</summary>
    public int NextIndex(ReadOnlySpan<double> weights)
    {
        double total = 0;
        int last = -1;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] >= 0) || double.IsInfinity(weights[i]))
            {
                throw new ArgumentException($"RandomStream.NextIndex: weight {i} is {weights[i]}; weights are finite and not negative.", nameof(weights));
            }

            total += weights[i];
            last = weights[i] > 0 ? i : last;
        }

        if (last < 0)
        {
            throw new ArgumentException("RandomStream.NextIndex: no weight is above 0.", nameof(weights));
        }

        double target = NextDouble() * total;
        double sum = 0;
        for (int i = 0; i < last; i++)
        {
            sum += weights[i];
            if (target < sum)
            {
                return i;
            }
        }

        return last;
    }

    /// <summary>Puts the items into a uniformly random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <inheritdoc cref="Shuffle{T}(Span{T})"/>
    public void Shuffle<T>(T[] items) => Shuffle(items.AsSpan());

    /// <summary>A random order of 0 .. count - 1.</summary>
    public int[] Permutation(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        Shuffle(order);
        return order;
    }

    /// <summary>Fills with independent normal numbers.</summary>
    public void FillNormal(Span<float> destination, float mean, float deviation)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)(mean + (deviation * NextNormal()));
        }
    }

    /// <summary>Fills with independent numbers, uniform in [minimum, maximum).</summary>
    public void FillUniform(Span<float> destination, float minimum, float maximum)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = minimum + ((maximum - minimum) * NextFloat());
        }
    }

    private void Philox(ulong counter, out ulong first, out ulong second)
    {
        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = 0, c3 = 0;
        uint k0 = (uint)_key, k1 = (uint)(_key >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong product0 = (ulong)0xD2511F53U * c0;
            ulong product1 = (ulong)0xCD9E8D57U * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += 0x9E3779B9U;
            k1 += 0xBB67AE85U;
        }

        first = ((ulong)c1 << 32) | c0;
        second = ((ulong)c3 << 32) | c2;
    }

    /// <summary>The finaliser of SplitMix64: a bijection whose output bits depend on all input bits.</summary>
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
