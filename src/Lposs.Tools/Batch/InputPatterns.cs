using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Lposs.Tools.Batch;

/// <summary>
/// Patterns for paths: * stands for any part of a name, ? for one character, ** for any number of folders. They are
/// looked for as <see cref="FolderWalk"/> does.
/// </summary>
internal static class Glob
{
    /// <summary>Whether a path holds anything of a pattern.</summary>
    public static bool IsPattern(string path) => path.AsSpan().ContainsAny('*', '?');

    /// <summary>The files that match a pattern, and the folder before its first wildcard.</summary>
    public static (string Root, IEnumerable<string> Files) Find(string pattern, LeftOutCounter leftOut)
    {
        int wildcard = pattern.AsSpan().IndexOfAny('*', '?');
        int slash = pattern.LastIndexOf('/', wildcard);
        string root =
            slash < 0 ? "."
            : slash == 0 ? "/"
            : pattern[..slash];
        if (!Directory.Exists(root))
            return (root, []);
        var matches = ToRegex(pattern[(slash + 1)..]);
        var files = new FolderWalk(leftOut).FilesBelow(root);
        return (root, files.Where(path => matches.IsMatch(Path.GetRelativePath(root, path))));
    }

    /// <summary>Matches whole paths.</summary>
    public static Regex ToRegex(string pattern)
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
                regex.Append(
                    pattern[i] switch
                    {
                        '*' => "[^/]*",
                        '?' => "[^/]",
                        var other => Regex.Escape(other.ToString()),
                    }
                );
            }
        }
        return new Regex(regex.Append('$').ToString(), RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }
}

/// <summary>Names with numbers from one to another, as shells and WebDataset write them:
/// "shard-{000..012}.tar".</summary>
internal static partial class BraceRange
{
    private const int MostNames = 1_000_000;

    /// <summary>The names; the name itself where it holds no range. Several ranges give every combination, the last
    /// counting fastest.</summary>
    /// <exception cref="LpossException">A range counts down, or the names are too many.</exception>
    public static IEnumerable<string> Expand(string name) => Expand(name, MostNames);

    private static IEnumerable<string> Expand(string name, long most)
    {
        var match = Range().Match(name);
        if (!match.Success)
            return [name];
        string firstText = match.Groups["first"].Value;
        long first = long.Parse(firstText, CultureInfo.InvariantCulture);
        long last = long.Parse(match.Groups["last"].Value, CultureInfo.InvariantCulture);
        if (last < first)
            throw new LpossException(
                LpossErrorCode.BatchFailed,
                $"'{match.Value}' counts from {first} to {last}; a range counts upwards"
            );
        long count = last - first + 1;
        if (count > most)
            throw new LpossException(LpossErrorCode.BatchFailed, $"'{name}' names more than {MostNames} files");
        string before = name[..match.Index];
        string[] ends = [.. Expand(name[(match.Index + match.Length)..], most / count)];
        return Enumerable
            .Range(0, (int)count)
            .SelectMany(i =>
            {
                string number = (first + i).ToString(CultureInfo.InvariantCulture).PadLeft(firstText.Length, '0');
                return ends.Select(end => before + number + end);
            });
    }

    [GeneratedRegex(@"\{(?<first>[0-9]{1,12})\.\.(?<last>[0-9]{1,12})\}")]
    private static partial Regex Range();
}
