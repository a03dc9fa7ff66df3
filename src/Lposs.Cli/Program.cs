using System.Reflection;
using Lposs.Cli.Output;

namespace Lposs.Cli;

/// <summary>The <c>lposs</c> command.</summary>
internal static class Program
{
    /// <summary>The version of the command, such as "0.1.0".</summary>
    public static string Version { get; } =
        typeof(Program)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    public static async Task<int> Main(string[] arguments)
    {
        StandardStream.Install();
        using var interruption = new Interruption();
        try
        {
            return await CommandTree.RunAsync(arguments, interruption);
        }
        catch (OutputException error)
        {
            // Of help and version, which no command prints.
            Console.Error.WriteLine($"lposs: {error.Message}");
            return ExitCode.Failed;
        }
    }
}

/// <summary>What the process says to its caller.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The command failed, or one of its images.</summary>
    public const int Failed = 1;

    /// <summary>The command line cannot be meant like this; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Ctrl-C: 128 + SIGINT, as shells count.</summary>
    public const int Interrupted = 130;

    /// <summary>128 + SIGTERM.</summary>
    public const int Terminated = 143;
}
