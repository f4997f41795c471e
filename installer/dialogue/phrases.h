// The table behind messages.h: one row for each Text, in its order. A failure says what, why, and what to do.
#pragma once
#include <array>
#include <string_view>

#include "installer/dialogue/messages.h"

namespace qmail::dialogue {

struct Phrase {
  Text text;
  std::string_view english;
  std::string_view japanese;
};

inline constexpr std::array<Phrase, static_cast<std::size_t>(Text::answers_bad_postmaster) + 1> phrases{{
    {Text::make_directory, "make directory {0} ({1}:{2} {3})", "ディレクトリ {0} を作る ({1}:{2} {3})"},
    {Text::put_file, "write {0} ({1}:{2} {3})", "{0} を書く ({1}:{2} {3})"},
    {Text::make_symlink, "link {0} to {1}", "{0} を {1} へのリンクにする"},
    {Text::make_fifo, "make fifo {0} ({1}:{2} {3})", "FIFO {0} を作る ({1}:{2} {3})"},
    {Text::set_mode, "set owner and mode of {0} ({1}:{2} {3})",
     "{0} の所有者とモードを設定する ({1}:{2} {3})"},
    {Text::remove, "remove {0}", "{0} を削除する"},
    {Text::add_group, "add group {0} (gid {1})", "グループ {0} を追加する (gid {1})"},
    {Text::add_user, "add user {0} (uid {1}, group {2}, home {3})",
     "ユーザー {0} を追加する (uid {1}、グループ {2}、ホーム {3})"},
    {Text::remove_group, "remove group {0}", "グループ {0} を削除する"},
    {Text::remove_user, "remove user {0}", "ユーザー {0} を削除する"},
    {Text::service, "systemctl {0} {1}", "systemctl {0} {1}"},
    {Text::undo, "undo: {0}", "取り消し: {0}"},
    {Text::plan_title_install, "Installing qmailkit: {0} steps", "qmailkit のインストール: {0} 手順"},
    {Text::plan_title_remove, "Removing qmailkit: {0} steps", "qmailkit の削除: {0} 手順"},
    {Text::nothing_to_do, "nothing to do", "することはありません"},
    {Text::nothing_changed, "Nothing was changed.", "何も変更していません。"},
    {Text::add_yes, "To carry out this plan, run the same command with --yes.",
     "この計画を実行するには、同じコマンドに --yes を付けてください。"},
    {Text::ask_proceed, "Carry out this plan? [y/N] ", "この計画を実行しますか? [y/N] "},
    {Text::ask_host_name, "Full name of this mail server [{0}]: ", "このメールサーバーの完全な名前 [{0}]: "},
    {Text::ask_domains, "Domains to receive mail for, separated by blanks [{0}]: ",
     "メールを受け取るドメイン (空白で区切る) [{0}]: "},
    {Text::not_a_host_name, "\"{0}\" is not a host name; an example: mx.example.org",
     "「{0}」はホスト名ではありません。例: mx.example.org"},
    {Text::installed, "qmailkit is installed (transaction {0}).",
     "qmailkit をインストールしました (記録 {0})。"},
    {Text::removed, "qmailkit is removed (transaction {0}).", "qmailkit を削除しました (記録 {0})。"},
    {Text::rolled_back, "Transaction {0} is rolled back.", "記録 {0} を取り消しました。"},
    {Text::undo_with, "To take all of this back: qmail-install --roll-back {0}",
     "すべて元に戻すには: qmail-install --roll-back {0}"},
    {Text::undo_from_build, "To take all of this back: run qmail-install of the build with --roll-back {0}",
     "すべて元に戻すには: ビルドの qmail-install を --roll-back {0} で実行してください"},
    {Text::start_with, "No service manager was set up. Start the mail server with: /var/qmail/bin/qmail-run",
     "サービスは登録していません。メールサーバーを起動するには: /var/qmail/bin/qmail-run"},
    {Text::services_run,
     "The services qmail-send and qmail-smtpd run: systemctl status qmail-send qmail-smtpd",
     "サービス qmail-send と qmail-smtpd が動いています: systemctl status qmail-send qmail-smtpd"},
    {Text::failed_step, "A step failed; what was done is being taken back.",
     "手順が失敗しました。行ったことを元に戻します。"},
    {Text::interrupted,
     "Stopped after a whole step. Go on: qmail-install --resume. Take it back: qmail-install --roll-back {0}",
     "手順の区切りで止めました。続ける: qmail-install --resume。元に戻す: qmail-install --roll-back {0}"},
    {Text::pending,
     "transaction {0} was interrupted\n  until it is settled nothing else can be done\n  go on with "
     "qmail-install "
     "--resume, or take it back with qmail-install --roll-back {0}",
     "記録 {0} が途中で止まっています\n  片付くまで他のことはできません\n  続けるには qmail-install "
     "--resume、元に戻すには "
     "qmail-install --roll-back {0}"},
    {Text::pending_roll_back,
     "transaction {0} is partly rolled back\n  until it is settled nothing else can be done\n  finish it "
     "with "
     "qmail-install --roll-back {0}",
     "記録 {0} は取り消しの途中です\n  片付くまで他のことはできません\n  qmail-install --roll-back {0} "
     "で終わらせてください"},
    {Text::roll_back_later_first,
     "transaction {1} came later than {0}\n  it may rest on it\n  roll back {1} first",
     "記録 {1} は {0} より後のものです\n  {0} を前提にしているかもしれません\n  先に {1} "
     "を取り消してください"},
    {Text::already_rolled_back, "Transaction {0} is rolled back already.",
     "記録 {0} はすでに取り消されています。"},
    {Text::locked,
     "another qmail-install is at work\n  two at a time would disturb each other\n  wait until it has ended",
     "別の qmail-install が動いています\n  同時に二つは動かせません\n  終わるまで待ってください"},
    {Text::no_transactions, "There are no transactions.", "記録はありません。"},
    {Text::state_committed, "done", "完了"},
    {Text::state_interrupted, "interrupted", "中断"},
    {Text::state_rolling_back, "partly rolled back", "取り消しの途中"},
    {Text::state_rolled_back, "rolled back", "取り消し済み"},
    {Text::error_label, "error", "エラー"},
    {Text::warning_label, "warning", "警告"},
    {Text::note_label, "note", "お知らせ"},
    {Text::not_root, "this needs root\n  users, owners and services are changed\n  run it with sudo",
     "root 権限が必要です\n  ユーザー、所有者、サービスを変更します\n  sudo で実行してください"},
    {Text::low_space,
     "little room where the queue will be: {0} MB and {1} inodes free\n  mail is refused when the disk is "
     "full\n  "
     "make room, at least {2} MB and {3} inodes",
     "キューを置く場所の空きが足りません: {0} MB、inode {1}\n  "
     "ディスクが一杯になるとメールを受け取れません\n  少なくとも {2} "
     "MB と inode {3} を空けてください"},
    {Text::network_queue,
     "the queue would be on a network filesystem\n  a message's number is an inode number, and its safety "
     "rests on "
     "fsync\n  put /var/qmail on a local filesystem",
     "キューがネットワークファイルシステムの上になります\n  メッセージ番号は inode 番号で、安全は fsync "
     "に頼っています\n  "
     "/var/qmail をローカルのファイルシステムに置いてください"},
    {Text::volatile_queue,
     "the queue is on an overlay or in memory\n  mail is as durable as that storage\n  for a server that "
     "must keep "
     "its mail, mount a disk at /var/qmail/queue",
     "キューがオーバーレイまたはメモリーの上にあります\n  メールの安全はその記憶装置しだいです\n  "
     "メールを失えないサーバーでは /var/qmail/queue にディスクをマウントしてください"},
    {Text::short_host_name,
     "the name of this host is only \"{0}\": \"{1}\" is used\n  other servers will refuse mail from a name "
     "that is not "
     "in DNS\n  set a full name in /etc/hosts or in the answers, for example mx.example.org",
     "このホストの名前が「{0}」だけなので「{1}」を使います\n  DNS "
     "にない名前からのメールは他のサーバーに断られます\n  /etc/hosts か回答ファイルに mx.example.org "
     "のような完全な名前を設定してください"},
    {Text::port_taken,
     "port 25 is taken: {0} is used by process {1}, {2}\n  two mail servers cannot receive on one address\n  "
     "stop it "
     "(and keep it from starting again), then run this again",
     "25 番ポートが使われています: {0} をプロセス {1} ({2}) が使用中\n  "
     "一つのアドレスで二つのメールサーバーは受信できません\n  "
     "それを止めて (自動起動も無効にして) から、もう一度実行してください"},
    {Text::clock_not_kept,
     "nobody keeps the clock of this machine right\n  mail gets wrong dates, certificates and retries go by "
     "it\n  "
     "run a time service, such as systemd-timesyncd or chrony",
     "このマシンの時計を合わせているものがありません\n  "
     "メールの日付が狂い、証明書や再送もこの時計に従います\n  "
     "systemd-timesyncd や chrony などを動かしてください"},
    {Text::local_host_name,
     "\"{0}\" is no name that others can look up\n  many mail servers refuse who greets them with it\n  "
     "give this host a name below a domain of yours: --set hostname=mx.example.org in the answers",
     "「{0}」は外から引ける名前ではありません\n  この名前で挨拶すると多くのメールサーバーに拒否されます\n  "
     "自分のドメインの下の名前を付けてください。例: mx.example.org"},
    {Text::address_elsewhere,
     "{0} has the address {1}, which no interface of this machine has\n  mail for it goes there\n  "
     "right behind NAT; otherwise correct the A or AAAA record",
     "{0} のアドレス {1} は、このマシンのものではありません\n  メールはそこへ届きます\n  "
     "NAT の内側なら問題ありません。そうでなければ A / AAAA レコードを直してください"},
    {Text::address_unknown,
     "the name servers do not say whether {0} has an address\n  nothing about the DNS could be checked\n  "
     "look at /etc/resolv.conf, and run qmail-install preflight again",
     "ネームサーバーが {0} のアドレスを答えません\n  DNS について何も調べられませんでした\n  "
     "/etc/resolv.conf を確かめ、qmail-install preflight をもう一度実行してください"},
    {Text::no_address,
     "{0} has no address in the DNS\n  nobody can send mail to it, and many refuse mail from it\n  "
     "publish an A record (and AAAA, if this machine has IPv6)",
     "{0} のアドレスが DNS にありません\n  メールを送ってもらえず、送ったメールも拒否されがちです\n  "
     "A レコード (IPv6 があれば AAAA も) を公開してください"},
    {Text::reverse_unknown,
     "the name servers do not say what the name of {0} is\n  it was not checked\n  run it again later",
     "ネームサーバーが {0} の名前を答えません\n  調べられませんでした\n  後でもう一度実行してください"},
    {Text::no_reverse,
     "{0} has no name in the DNS (PTR)\n  Gmail, Outlook and others refuse mail from such an address\n  "
     "have your provider set it to {1}, or send by a smarthost",
     "{0} の逆引き (PTR) がありません\n  Gmail や Outlook などはこのアドレスからのメールを拒否します\n  "
     "プロバイダーに {1} を設定してもらうか、スマートホスト経由で送ってください"},
    {Text::many_reverses,
     "{0} has {1} names in the DNS (PTR)\n  which of them others see is chance\n  have all but one removed",
     "{0} の逆引き (PTR) が {1} 個あります\n  どれが使われるかは偶然です\n  一つだけ残してください"},
    {Text::other_reverse,
     "{0} is called {1} in the DNS (PTR), and this host greets as {2}, or {1} does not lead back\n  "
     "receivers take it for a mistake or a lie\n  have your provider set the PTR to {2}",
     "{0} の逆引きは {1} ですが、このホストは {2} と名乗ります (または {1} が元のアドレスに戻りません)\n  "
     "受信側に疑われます\n  PTR を {2} にしてもらってください"},
    {Text::generic_reverse,
     "the name of {0}, {1}, looks like one that providers give to any customer\n  many refuse mail from such "
     "hosts\n  "
     "have your provider set a name of yours",
     "{0} の名前 {1} は、プロバイダーが機械的に付けたもののように見えます\n  多くの受信側が拒否します\n  "
     "自分の名前を設定してもらってください"},
    {Text::is_block_listed,
     "{0} is in the block list zen.spamhaus.org\n  most receivers refuse its mail\n  "
     "https://check.spamhaus.org/ says why, and how to get off it",
     "{0} はブロックリスト zen.spamhaus.org に載っています\n  多くの受信側が拒否します\n  "
     "理由と解除の方法は https://check.spamhaus.org/ にあります"},
    {Text::block_list_unknown,
     "whether {0} is in the block list zen.spamhaus.org is not known\n  "
     "the list does not answer resolvers that many share\n  ask it by a resolver of your own",
     "{0} がブロックリスト zen.spamhaus.org に載っているかはわかりません\n  "
     "共用のリゾルバーには答えないリストです\n  "
     "自前のリゾルバーで調べてください"},
    {Text::exchanger_unknown,
     "the name servers do not say where mail for {0} goes\n  it was not checked\n  run it again later",
     "ネームサーバーが {0} 宛てのメールの行き先を答えません\n  調べられませんでした\n  "
     "後でもう一度実行してください"},
    {Text::exchanger_elsewhere,
     "no MX record of {0} leads to this host\n  its mail goes elsewhere, or nowhere\n  "
     "when this host is to receive it, publish: {0}. MX 10 {1}.",
     "{0} の MX レコードはこのホストを指していません\n  メールはよそへ届くか、どこにも届きません\n  "
     "受け取るときは公開してください: {0}. MX 10 {1}."},
    {Text::no_spf,
     "{0} does not say who may send its mail (SPF)\n  Gmail and others refuse or mark it\n  "
     "publish: {0}. TXT \"v=spf1 mx -all\"",
     "{0} は、誰がメールを送ってよいか (SPF) を公開していません\n  Gmail "
     "などに拒否されるか、迷惑メールにされます\n  "
     "公開してください: {0}. TXT \"v=spf1 mx -all\""},
    {Text::many_spf,
     "{0} has more than one SPF record\n  then none of them counts (RFC 7208)\n  make one of them",
     "{0} の SPF レコードが複数あります\n  その場合どれも無効です (RFC 7208)\n  一つにまとめてください"},
    {Text::no_exit,
     "no mail can leave this machine by port 25: {0}: {1}\n  many providers close that port\n  "
     "ask yours to open it, or send by a smarthost (control/smtproutes)",
     "このマシンからポート 25 で外へ送れません: {0}: {1}\n  多くのプロバイダーがこのポートを閉じています\n  "
     "開けてもらうか、スマートホスト経由で送ってください (control/smtproutes)"},
    {Text::nothing_in_the_way, "Nothing stands in the way.", "妨げるものはありません。"},
    {Text::account_with_other_group,
     "user {0} exists, but not in group {1}\n  mail programs get their rights from these ids\n  change its "
     "group with "
     "usermod -g {1} {0}, or remove it if nothing else uses it",
     "ユーザー {0} がありますが、グループ {1} に属していません\n  メールプログラムの権限はこの id "
     "で決まります\n  usermod -g "
     "{1} {0} で変更するか、不要なら削除してください"},
    {Text::wrong_type,
     "{0} is in the way: it is not what is to be there\n  nothing that is not ours is replaced\n  move it "
     "elsewhere",
     "{0} が邪魔です。そこに置くものと種類が違います\n  他のものを勝手に置き換えません\n  "
     "別の場所に移してください"},
    {Text::not_placed,
     "{0} is missing\n  the build has not been placed, or not all of it\n  run cmake --install build/release "
     "first, "
     "with DESTDIR set to the --root directory if there is one",
     "{0} がありません\n  ビルドした物がまだ置かれていません\n  先に cmake --install build/release "
     "を実行してください (--root "
     "を使うなら DESTDIR も)"},
    {Text::queue_not_empty,
     "there are {0} messages in the queue\n  removing the queue would lose them\n  let them be delivered "
     "first, or "
     "keep the queue with --keep-queue",
     "キューに {0} 通のメッセージがあります\n  キューを削除すると失われます\n  "
     "先に配送を終わらせるか、--keep-queue "
     "でキューを残してください"},
    {Text::still_sending,
     "qmail-send is running\n  what it delivers would be cut off\n  stop it: send TERM to qmail-run, or "
     "systemctl stop "
     "qmail-send",
     "qmail-send が動いています\n  配送が途中で切れてしまいます\n  qmail-run に TERM を送るか、systemctl "
     "stop qmail-send "
     "で止めてください"},
    {Text::queue_not_settled,
     "messages are left in the queue log, and could not be moved into the queue\n  see why: qmail-qctl "
     "settle",
     "キューのログに残ったメッセージをキューへ移せませんでした\n  理由を確かめるには: qmail-qctl settle"},
    {Text::kept_changed, "{0} is kept: it was changed since it was installed",
     "{0} は残します。インストール後に変更されています"},
    {Text::kept_foreign, "{0} is kept: the installer did not make it",
     "{0} は残します。インストーラーが作ったものではありません"},
    {Text::kept_queue, "the queue with {0} messages is kept, and the users that own it",
     "{0} 通のメッセージが入ったキューと、その所有者であるユーザーは残します"},
    {Text::mail_command_taken,
     "{0} belongs to another mail system and is left alone: programs that use it will not send through "
     "qmailkit",
     "{0} は他のメールシステムのものなので、そのままにします。これを使うプログラムは qmailkit "
     "では送信しません"},
    {Text::rules_without_cdb,
     "control/tcp.smtp is yours: compile it with tcprules control/tcp.smtp.cdb control/tcp.smtp.tmp < "
     "control/tcp.smtp",
     "control/tcp.smtp は変更されています。tcprules control/tcp.smtp.cdb control/tcp.smtp.tmp < "
     "control/tcp.smtp "
     "でコンパイルしてください"},
    {Text::check_nothing, "nothing is wrong", "問題はありません"},
    {Text::check_differs, "{0}; to put that right: qmail-install",
     "あるべき状態と違います ({0})。直すには: qmail-install"},
    {Text::check_no_me, "this host has no name, so no program works; write its full name into this file",
     "このホストの名前がないため、どのプログラムも動きません。完全な名前をこのファイルに書いてください"},
    {Text::check_short_me,
     "\"{0}\" is not a full host name: other mail servers may refuse it; an example: mx.example.org",
     "「{0}」は完全なホスト名ではなく、他のメールサーバーに拒否されることがあります。例: mx.example.org"},
    {Text::check_no_rcpthosts,
     "there is no such file, so qmail-smtpd refuses every client that may not relay; write the domains into "
     "it that mail "
     "is received for",
     "このファイルがないため、qmail-smtpd は中継を許されたクライアント以外をすべて拒否します。"
     "メールを受け取るドメインを書いてください"},
    {Text::check_no_number,
     "\"{0}\" does not begin with a digit, so the file counts as absent; write a number",
     "「{0}」は数字で始まらないため、ファイルがないものとして扱われます。数を書いてください"},
    {Text::check_for_nobody, "no program reads this file; look for a mistake in its name, or remove it",
     "このファイルを読むプログラムはありません。名前の誤りを確かめるか、削除してください"},
    {Text::check_in_both,
     "{0} is in control/locals too, which counts first: this line does nothing; remove one of the two",
     "{0} は control/locals "
     "にもあり、そちらが優先されるため、この行は働きません。どちらかを削除してください"},
    {Text::check_not_taken,
     "{0} is not in control/rcpthosts: mail for it is not accepted from outside; add it there if it should "
     "be",
     "{0} は control/rcpthosts にないため、外からのメールを受け取りません。受け取るなら追加してください"},
    {Text::check_old_database, "it is missing, or older than {0}; run {1}",
     "存在しないか、{0} より古くなっています。{1} を実行してください"},
    {Text::check_open_key,
     "everybody on this machine can read this private key; run chmod o-r, and think of a new key",
     "この秘密鍵はこのマシンの誰でも読めます。chmod o-r を実行し、新しい鍵を検討してください"},
    {Text::check_no_route,
     "line {0}, for \"{1}\", is no route; an example: example.org:relay.example.net:587",
     "{0} 行目 (「{1}」) は経路ではありません。例: example.org:relay.example.net:587"},
    {Text::check_no_alias, "nobody receives mail for {0}; write an address into this file",
     "{0} 宛てのメールを受け取る人がいません。このファイルに宛先を書いてください"},
    {Text::check_complaint, "{0}", "{0}"},
    {Text::answers_not_json, "{0} is not a JSON object", "{0} は JSON オブジェクトではありません"},
    {Text::answers_unknown_key, "\"{0}\" is not a known answer; known are {1}",
     "「{0}」という回答項目はありません。あるのは {1}"},
    {Text::answers_not_text, "\"{0}\" must be a text", "「{0}」は文字列でなければなりません"},
    {Text::answers_not_list, "\"{0}\" must be a list of texts",
     "「{0}」は文字列のリストでなければなりません"},
    {Text::answers_not_truth, "\"{0}\" must be true or false",
     "「{0}」は true か false でなければなりません"},
    {Text::answers_bad_host_name, "hostname \"{0}\" is not a full host name; an example: mx.example.org",
     "hostname「{0}」は完全なホスト名ではありません。例: mx.example.org"},
    {Text::answers_bad_domain, "\"{0}\" in domains is not a domain",
     "domains の「{0}」はドメインではありません"},
    {Text::answers_bad_role, "role \"{0}\" is not known; known is internet",
     "role「{0}」はありません。あるのは internet"},
    {Text::answers_bad_postmaster, "postmaster \"{0}\" is not an address or a local user",
     "postmaster「{0}」はアドレスでもローカルユーザーでもありません"},
}};

/// Each row stands where its Text says.
constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < phrases.size(); ++i)
    if (phrases[i].text != static_cast<Text>(i)) return false;
  return true;
}
static_assert(rows_are_in_order());

}  // namespace qmail::dialogue
