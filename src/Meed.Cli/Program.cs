using System.Runtime.InteropServices;
using Meed.Cli;

// The first Ctrl-C or SIGTERM asks for an orderly stop, the second ends the program.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    if (stop.IsCancellationRequested)
    {
        Environment.Exit(ExitCode.Interrupted);
    }

    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandLine.RunAsync(args, new Terminal(Console.Out, Console.Error, !Console.IsOutputRedirected && !Console.IsErrorRedirected, Environment.CurrentDirectory), stop.Token);
