(** * Multigrade networks from the sweeps of a certificate, and what is computed of them

    A certificate lists the grades of its multigrade network sweep by sweep; the target f is given by its nodal values
    on a Kuhn grid. On a common grid of mesh 1/G of f and of all sweeps every residual f - Phi is linear, so what it
    is at the nodes of that grid decides how large it is anywhere, and whether a step overshoots anywhere. With the
    steps over one denominator E, these values are integers over E G: [check] computes them at every node, sweep
    after sweep. What it means that it is true: MultigradeCertificate.v. *)

From Coq Require Import Reals QArith Qreals ZArith List FMapPositive Lia Lra.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork HatNetworkSize Erosion.
From Approxcert Require Import StepTables StepSupports.
Import ListNotations.
Local Open Scope R_scope.

(** ** The network *)

(** A sweep on the grid of mesh 1/[mesh]: its nodes, each with the numerator of its step; and what is claimed to
    bound |f - Phi| after it. *)
Record sweep_data := Sweep { mesh : nat; steps : list entry; bound : Q }.

(** The network of the sweeps' grades, in their order; the steps are over the denominator [E]. *)
Definition step_grade (E : positive) (m : nat) (s : entry) : grade Q := Grade m (fst s) (snd s # E).
Definition all_grades (E : positive) (sweeps : list sweep_data) : list (grade Q) :=
  flat_map (fun w => map (step_grade E (mesh w)) (steps w)) sweeps.
Definition data_network (d : nat) (offset : Z) (E : positive) (sweeps : list sweep_data) : network Q :=
  multigrade inject_Z d offset (all_grades E sweeps).

(** The number of grades in the first [s] sweeps, and in all. *)
Definition grades_through (s : nat) (sweeps : list sweep_data) : nat := length (flat_map steps (firstn s sweeps)).
Definition grade_count (sweeps : list sweep_data) : nat := length (flat_map steps sweeps).

(** ** What is computed *)

(** The nodes in the order of verify/CERTIFICATE.md, 11.2. *)
Fixpoint before (k l : list Z) : bool :=
  match k, l with a :: k', b :: l' => ((a <? b)%Z || ((a =? b)%Z && before k' l'))%bool | _, _ => false end.
Fixpoint ascending (ks : list (list Z)) : bool :=
  match ks with k :: rest => (match rest with l :: _ => before k l | [] => true end && ascending rest)%bool | [] => true end.

Definition divides (m G : nat) : bool := (Nat.leb 1 m && Nat.eqb (G / m * m) G)%bool.
Definition sweep_ok (d G : nat) (w : sweep_data) : bool :=
  (divides (mesh w) G && forallb (fun s => on_grid d (mesh w) (fst s)) (steps w) && ascending (map fst (steps w)))%bool.

(** A sweep made ready: m, the ratio q = G/m as an integer and as a bound of runs, m + 1, the steps by nodes, and the bound in units 1/(E G). *)
Record ready := Ready { m_of : Z; q_of : Z; runs_of : nat; b_of : Z; table_of : PositiveMap.t Z; limit : Z }.
Definition make_ready (E : positive) (G : nat) (w : sweep_data) : ready :=
  let q := (G / mesh w)%nat in let b := Z.of_nat (S (mesh w)) in
  Ready (Z.of_nat (mesh w)) (Z.of_nat q) q b (table b (steps w))
    (Qnum (bound w) * (Zpos E * Z.of_nat G) / Zpos (Qden (bound w)))%Z.
Definition step_of (p : ready) (k : list Z) : Z := look (table_of p) (key (b_of p) k).

(** Every step whose closed support has the fine node [l] in it has the sign of the residual [r] there and is not
    larger. *)
Definition safe_at (G : Z) (p : ready) (r : Z) (l : list Z) : bool :=
  forallb (fun k => let c := step_of p k in
    if (c =? 0)%Z then true else if (q_of p <? gauge_of (seen (q_of p) k l))%Z then true
    else ((0 <=? c * r)%Z && (Z.abs c * G <=? Z.abs r)%Z)%bool) (near (q_of p) (m_of p) l).

(** From the residual [r] at the fine node [l], sweep after sweep: no step overshoots, and the bounds hold. *)
Fixpoint check_from (G : Z) (ps : list ready) (r : Z) (l : list Z) : bool :=
  match ps with
  | [] => true
  | p :: rest =>
    let r' := (r - m_of p * fine_sum (step_of p) (q_of p) (runs_of p) 0 l)%Z in
    if safe_at G p r l then if (Z.abs r' <=? limit p)%Z then check_from G rest r' l else false else false
  end.

(** The target has the nodal values v/D on the grid of mesh 1/c; the steps' denominator is D e. *)
Definition check (d c : nat) (v : list Z -> Z) (D e : positive) (offset : Z) (G : nat) (sweeps : list sweep_data) : bool :=
  (Nat.leb 1 d && Nat.leb 1 G && divides c G && forallb (sweep_ok d G) sweeps &&
  let E := (D * e)%positive in let ps := map (make_ready E G) sweeps in
  let q := Z.of_nat (G / c) in let runs := (G / c)%nat in let g := Z.of_nat G in
  let largest := (offset * (Zpos E * g))%Z in let unit := (Z.of_nat c * Zpos e)%Z in
  forallb (fun l => let r := (unit * fine_sum v q runs 0 l)%Z in ((Z.abs r <=? largest)%Z && check_from g ps r l)%bool) (nodes d G))%bool.

(** ** The network in real numbers, and the order of nodes *)

(** The sweep with real steps. *)
Definition real_grade (E : positive) (m : nat) (s : entry) : grade R := Grade m (fst s) (IZR (snd s) / IZR (Zpos E)).
Definition real_sweep (E : positive) (w : sweep_data) : nat * list (grade R) :=
  (mesh w, map (real_grade E (mesh w)) (steps w)).

Lemma real_network : forall d offset E sweeps,
  real (data_network d offset E sweeps) = multigrade IZR d offset (grades (map (real_sweep E) sweeps)).
Proof.
  intros. unfold data_network. rewrite multigrade_real. f_equal. unfold all_grades, grades.
  induction sweeps as [|w sweeps IH]; [reflexivity|]. cbn [flat_map map]. rewrite map_app, IH, map_map. reflexivity.
Qed.

Lemma grades_length : forall E sweeps, length (grades (map (real_sweep E) sweeps)) = grade_count sweeps.
Proof.
  intros E sweeps. unfold grades, grade_count. induction sweeps as [|w sweeps IH]; [reflexivity|].
  cbn [flat_map map]. rewrite !app_length, IH. cbn [real_sweep snd]. rewrite map_length. reflexivity.
Qed.

Lemma grades_firstn : forall E s sweeps,
  firstn (grades_through s sweeps) (grades (map (real_sweep E) sweeps)) = grades (map (real_sweep E) (firstn s sweeps)).
Proof.
  intros E s sweeps. rewrite <- (firstn_skipn s sweeps) at 2. rewrite map_app. unfold grades at 1. rewrite flat_map_app.
  fold (grades (map (real_sweep E) (firstn s sweeps))). rewrite firstn_app.
  replace (grades_through s sweeps) with (length (grades (map (real_sweep E) (firstn s sweeps)))) by apply grades_length.
  rewrite Nat.sub_diag, firstn_all. cbn [firstn]. apply app_nil_r.
Qed.

Lemma before_irreflexive : forall k, before k k = false.
Proof. induction k as [|a k IH]; [reflexivity|]. cbn [before]. rewrite Z.ltb_irrefl, Z.eqb_refl. exact IH. Qed.

Lemma before_transitive : forall k l n, before k l = true -> before l n = true -> before k n = true.
Proof.
  induction k as [|a k IH]; intros [|b l] [|c n] H1 H2; try discriminate. cbn [before] in *.
  apply Bool.orb_true_iff in H1, H2. apply Bool.orb_true_iff. rewrite !Bool.andb_true_iff, !Z.ltb_lt, !Z.eqb_eq in *.
  destruct H1 as [H1|[-> H1]], H2 as [H2|[-> H2]]; [left; lia|left; lia|left; lia|right; split; [reflexivity|eapply IH; eassumption]].
Qed.

Lemma ascending_once : forall ks, ascending ks = true -> NoDup ks.
Proof.
  assert (A : forall ks k, ascending (k :: ks) = true -> forall l, In l ks -> before k l = true).
  { induction ks as [|a ks IH]; intros k H l []; cbn [ascending] in H; apply andb_prop in H; destruct H as [H1 H2]; subst; [assumption|].
    apply before_transitive with a; [assumption|]. apply IH; assumption. }
  induction ks as [|k ks IH]; intros H; [constructor|]. constructor.
  - intros Hk. pose proof (A ks k H k Hk) as E. rewrite before_irreflexive in E. discriminate.
  - apply IH. cbn [ascending] in H. apply andb_prop in H. apply H.
Qed.

Lemma divides_spec : forall m G, (1 <= G)%nat -> divides m G = true ->
  (1 <= m)%nat /\ (1 <= G / m)%nat /\ G = (G / m * m)%nat.
Proof.
  intros m G HG H. apply andb_prop in H. destruct H as [H1 H2]. apply Nat.leb_le in H1. apply Nat.eqb_eq in H2.
  split; [assumption|]. split; [|congruence]. destruct (G / m)%nat; lia.
Qed.
