using Meed.Numerics.Kernels;

namespace Meed.Numerics.Tests.Kernels;

public class CpuTests
{
    [Fact]
    public void Choose_Unset_TakesTheWidest() => Assert.Equal(KernelTest.Isas.Last(), Cpu.Choose(null));

    [Fact]
    public void Choose_Name_TakesIt() => Assert.Equal(Isa.Portable, Cpu.Choose(" Portable "));

    [Fact]
    public void Choose_Unknown_NamesTheChoices() => Assert.Contains("portable, avx2 or avx512", Assert.Throws<ArgumentException>(() => Cpu.Choose("sse9")).Message);

    [Fact]
    public void Use_Nested_RestoresThePreviousChoice()
    {
        Isa outer = Cpu.Active;
        using (Cpu.Use(Isa.Portable))
        {
            Assert.Equal(Isa.Portable, Cpu.Active);
            foreach (Isa isa in KernelTest.Isas)
            {
                using Cpu.Scope scope = Cpu.Use(isa);
                Assert.Equal(isa, Cpu.Active);
            }

            Assert.Equal(Isa.Portable, Cpu.Active);
        }

        Assert.Equal(outer, Cpu.Active);
    }
}
