using System.Text;
using System.Text.RegularExpressions;

namespace Lposs.Batch;

/// <summary>
/// Patterns for paths: * stands for any part of a name, ? for one character, ** for any number of folders. Hidden files
/// and folders are left out; a link to a folder is not followed, so that none can lead in a circle.
/// </summary>
internal static class Glob
{
    private static readonly EnumerationOptions s_below = new()
    {
        RecurseSubdirectories = true,
        // Links to files are files; the walk does not enter links to folders by itself.
        AttributesToSkip = FileAttributes.Hidden,
    };

    /// <summary>Whether a path holds anything of a pattern.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>All files below a folder, in no order.</summary>
    public static IEnumerable<string> FilesBelow(string folder) => Directory.EnumerateFiles(folder, "*", s_below);

    /// <summary>The files that match a pattern, and the folder before its first wildcard.</summary>
    public static (string Root, IEnumerable<string> Files) Find(string pattern)
    {
        int wildcard = pattern.AsSpan().IndexOfAny('*', '?');
        int slash = pattern.LastIndexOf('/', wildcard);
        string root = slash < 0 ? "." : slash == 0 ? "/" : pattern[..slash];
        if (!Directory.Exists(root))
            return (root, []);
        var matches = ToRegex(pattern[(slash + 1)..]);
        return (root, FilesBelow(root).Where(path => matches.IsMatch(Path.GetRelativePath(root, path))));
    }

    private static Regex ToRegex(string pattern)
    {
        var regex = new StringBuilder("^");
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i..].StartsWith("**/", StringComparison.Ordinal))
            {
                regex.Append("(?:.*/)?");
                i += 2;
            }
            else if (pattern[i..].StartsWith("**", StringComparison.Ordinal))
            {
                regex.Append(".*");
                i++;
            }
            else
            {
                regex.Append(pattern[i] switch { '*' => "[^/]*", '?' => "[^/]", var other => Regex.Escape(other.ToString()) });
            }
        }
        return new Regex(regex.Append('$').ToString(), RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }
}
