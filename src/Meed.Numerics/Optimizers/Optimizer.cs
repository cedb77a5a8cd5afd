using System.Text;
using Meed.Numerics.Kernels;

namespace Meed.Numerics;

/// <summary>Changes parameters along their gradients. One optimiser owns its parameters' gradients and clears them after each step.</summary>
/// <remarks>
/// Gradients add up over several <see cref="Tensor.Backward()"/> calls until <see cref="Step(float, out float)"/>: k micro-batches whose
/// losses are divided by k give the step of the whole batch.
/// </remarks>
public abstract class Optimizer
{
    private const uint Magic = 0x5044454D; // "MEDP"

    private readonly Parameter[] _parameters;

    /// <summary>An optimiser over parameters with distinct names.</summary>
    /// <param name="parameters">The parameters; ones that are not trainable are left out.</param>
    /// <param name="learningRate">Step size.</param>
    protected Optimizer(IEnumerable<Parameter> parameters, float learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters.Where(parameter => parameter.IsTrainable).Distinct()];
        var names = new HashSet<string>();
        foreach (var parameter in _parameters)
        {
            if (!names.Add(parameter.Name))
            {
                throw new ArgumentException($"Two parameters are called {parameter.Name}; names must be distinct, because the stored state goes by them.", nameof(parameters));
            }
        }

        LearningRate = learningRate;
    }

    /// <summary>Step size; schedules set it before each step.</summary>
    public float LearningRate { get; set; }

    /// <summary>Steps taken so far.</summary>
    public long StepCount { get; private set; }

    /// <summary>The parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Values of state kept for each value of a parameter.</summary>
    private protected abstract int SlotCount { get; }

    /// <summary>Backward from the loss, clip the gradient to the given norm, change the parameters, clear the gradients.</summary>
    /// <param name="loss">A single number.</param>
    /// <param name="maxGradNorm">Largest norm of the gradient over all parameters; infinity to leave it as it is.</param>
    /// <param name="gradNorm">The norm before clipping.</param>
    /// <exception cref="ArithmeticException">The loss or a gradient is NaN or infinite; the parameters are unchanged.</exception>
    public void Step(Tensor loss, float maxGradNorm, out float gradNorm)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (loss.Length == 1 && !float.IsFinite(loss.Item()))
        {
            ClearGrad();
            throw new ArithmeticException($"{GetType().Name}: the loss of step {StepCount} is {loss.Item()}. The parameters are unchanged.");
        }

        loss.Backward();
        Step(maxGradNorm, out gradNorm);
    }

    /// <summary>As <see cref="Step(Tensor, float, out float)"/> without clipping.</summary>
    public void Step(Tensor loss) => Step(loss, float.PositiveInfinity, out _);

    /// <summary>Clips, changes the parameters and clears the gradients that earlier backward passes collected.</summary>
    /// <param name="maxGradNorm">Largest norm of the gradient over all parameters; infinity to leave it as it is.</param>
    /// <param name="gradNorm">The norm before clipping.</param>
    /// <exception cref="ArithmeticException">A gradient is NaN or infinite; the parameters are unchanged.</exception>
    public void Step(float maxGradNorm, out float gradNorm)
    {
        if (!(maxGradNorm > 0f))
        {
            throw new ArgumentOutOfRangeException(nameof(maxGradNorm), $"{GetType().Name}.Step: maxGradNorm is {maxGradNorm}; it must be above 0, or infinity for no clipping.");
        }

        gradNorm = GradNorm();
        if (!float.IsFinite(gradNorm))
        {
            string text = DescribeBadGradient();
            ClearGrad();
            throw new ArithmeticException(text);
        }

        // As in the usual definition, a small constant keeps the division away from 0.
        float scale = gradNorm > maxGradNorm ? maxGradNorm / (gradNorm + 1e-6f) : 1f;
        StepCount++;
        for (int i = 0; i < _parameters.Length; i++)
        {
            var parameter = _parameters[i];
            if (parameter.Grad is { } gradient)
            {
                Update(i, parameter, gradient, scale);
                parameter.Version++;
            }
        }

        ClearGrad();
    }

    /// <summary>Norm of the collected gradient over all parameters: √Σ g².</summary>
    public float GradNorm()
    {
        double sum = 0;
        foreach (var parameter in _parameters)
        {
            if (parameter.Grad is { } gradient)
            {
                sum += ReduceKernels.SumOfSquares(gradient.Data);
            }
        }

        return (float)Math.Sqrt(sum);
    }

    /// <summary>Forgets the collected gradients.</summary>
    public void ClearGrad()
    {
        foreach (var parameter in _parameters)
        {
            parameter.ClearGrad();
        }
    }

    /// <summary>Writes everything a resumed run needs to continue to the same bits, the parameters' values aside.</summary>
    public void Save(Stream to)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var writer = new BinaryWriter(to, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(GetType().Name);
        writer.Write(StepCount);
        writer.Write(LearningRate);
        writer.Write(_parameters.Length);
        for (int i = 0; i < _parameters.Length; i++)
        {
            writer.Write(_parameters[i].Name);
            writer.Write(_parameters[i].Value.Length);
            for (int slot = 0; slot < SlotCount; slot++)
            {
                writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Slot(i, slot).Data));
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote for an optimiser of the same kind over parameters of the same names and sizes.</summary>
    /// <exception cref="InvalidDataException">The state is of another kind, incomplete, or of other parameters.</exception>
    public void Load(Stream from)
    {
        ArgumentNullException.ThrowIfNull(from);
        using var reader = new BinaryReader(from, Encoding.UTF8, leaveOpen: true);
        try
        {
            string kind = reader.ReadUInt32() == Magic ? reader.ReadString() : "not an optimiser state";
            if (kind != GetType().Name)
            {
                throw new InvalidDataException($"The stored optimiser state is {kind}; {GetType().Name} was expected.");
            }

            long steps = reader.ReadInt64();
            float rate = reader.ReadSingle();
            int count = reader.ReadInt32();
            if (count != _parameters.Length)
            {
                throw new InvalidDataException($"The stored {kind} state has {count} parameters; this optimiser has {_parameters.Length}.");
            }

            for (int i = 0; i < count; i++)
            {
                string name = reader.ReadString();
                int length = reader.ReadInt32();
                if (name != _parameters[i].Name || length != _parameters[i].Value.Length)
                {
                    throw new InvalidDataException($"The stored {kind} state has {name} with {length} values at place {i}; this optimiser has {_parameters[i].Name} with {_parameters[i].Value.Length}.");
                }

                for (int slot = 0; slot < SlotCount; slot++)
                {
                    reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Slot(i, slot).Data));
                }
            }

            StepCount = steps;
            LearningRate = rate;
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException($"The stored optimiser state ends early; it is not a whole {GetType().Name} state.");
        }
    }

    /// <summary>Changes one parameter; the gradient counts <paramref name="scale"/> times.</summary>
    private protected abstract void Update(int index, Parameter parameter, Tensor gradient, float scale);

    /// <summary>The stored values of one parameter.</summary>
    private protected abstract Tensor Slot(int index, int slot);

    /// <summary>One zero tensor for each parameter, outside scopes.</summary>
    private protected Tensor[] CreateSlots()
    {
        var slots = new Tensor[_parameters.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = Tensor.AllocateLasting(_parameters[i].Shape, "Optimizer");
            slots[i].Data.Clear();
        }

        return slots;
    }

    private string DescribeBadGradient()
    {
        foreach (var parameter in _parameters)
        {
            if (parameter.Grad is { } gradient)
            {
                var values = gradient.ToArray();
                int at = Array.FindIndex(values, value => !float.IsFinite(value));
                if (at >= 0)
                {
                    return $"{GetType().Name}: the gradient of {parameter.Name} {Shapes.Text(parameter.Shape)} is {values[at]} at value {at} in step {StepCount}. The parameters are unchanged.";
                }
            }
        }

        return $"{GetType().Name}: the norm of the gradient overflows in step {StepCount}. The parameters are unchanged.";
    }
}
