namespace Lposs.Cli.Help;

/// <summary>Examples that <c>--help</c> ends with, for a newcomer to copy.</summary>
internal static class Examples
{
    /// <summary>The examples of a command, indented; empty for a command without any.</summary>
    /// <param name="command">Its full name, such as "lposs segment".</param>
    public static string Of(string command) => command switch
    {
        "lposs" => """
              lposs segment street.jpg --classes "sky, road; street, building, tree, car" --overlay
              lposs doctor

            """,
        "lposs doctor" => """
              lposs doctor
              lposs doctor --json | jq .devices

            """,
        "lposs models show" => """
              lposs models show ~/models/clip-dino

            """,
        _ => "",
    };
}
