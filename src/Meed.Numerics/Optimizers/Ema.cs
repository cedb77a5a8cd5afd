using System.Runtime.InteropServices;
using System.Text;
using Meed.Numerics.Kernels;

namespace Meed.Numerics;

/// <summary>An exponential moving average of parameters: a ← d·a + (1 − d)·θ after each step.</summary>
public sealed class Ema
{
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _averages;

    /// <summary>An average that starts at the current values.</summary>
    /// <param name="parameters">The parameters to follow.</param>
    /// <param name="decay">d in [0, 1).</param>
    public Ema(IEnumerable<Parameter> parameters, float decay)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(decay >= 0f && decay < 1f))
        {
            throw new ArgumentOutOfRangeException(nameof(decay), $"Ema: the decay is {decay}; it must be at least 0 and below 1.");
        }

        Decay = decay;
        _parameters = [.. parameters];
        _averages = [.. _parameters.Select(parameter => parameter.Value.Keep())];
    }

    /// <summary>d.</summary>
    public float Decay { get; }

    /// <summary>The average of each parameter, in the order given.</summary>
    public IReadOnlyList<Tensor> Averages => _averages;

    /// <summary>Takes the current values into the average.</summary>
    public void Update()
    {
        for (int i = 0; i < _averages.Length; i++)
        {
            VectorKernels.Approach(1f - Decay, _parameters[i].Value.Data, _averages[i].Data);
        }
    }

    /// <summary>Exchanges averages and parameters; a second call exchanges them back. For evaluating the averaged model.</summary>
    public void Swap()
    {
        for (int i = 0; i < _averages.Length; i++)
        {
            var current = _parameters[i].Value.Keep();
            _parameters[i].Load(_averages[i]);
            current.CopyTo(_averages[i].Data);
        }
    }

    /// <summary>Writes the averages.</summary>
    public void Save(Stream to)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        writer.Write(_averages.Length);
        foreach (var average in _averages)
        {
            writer.Write(average.Length);
            writer.Write(MemoryMarshal.AsBytes(average.Data));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote for parameters of the same sizes.</summary>
    /// <exception cref="InvalidDataException">The sizes differ or the data ends early.</exception>
    public void Load(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        try
        {
            int count = reader.ReadInt32();
            for (int i = 0; i < _averages.Length; i++)
            {
                int length = count == _averages.Length ? reader.ReadInt32() : -1;
                if (length != _averages[i].Length)
                {
                    throw new InvalidDataException($"The stored average does not fit: {_parameters[i].Name} needs {_averages[i].Length} values of {_averages.Length} parameters; {count} parameters are stored.");
                }

                reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_averages[i].Data));
            }
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("The stored average ends early.");
        }
    }
}
