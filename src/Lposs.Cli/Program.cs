namespace Lposs.Cli;

/// <summary>The <c>lposs</c> command.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        using var interruption = new Interruption();
        return CommandTree.Run(arguments, interruption);
    }
}
