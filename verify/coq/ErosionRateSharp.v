(** * Erosion: at most (1 + d/(d+1)) K h is left everywhere

    At a point at most d+1 hats of a grid are positive, those of the vertices of its simplex. They add up to 1, so
    their squares add up to at least 1/(d+1), which sharpens the bound 2 K h of ErosionRate.v.
    Source: docs/multigrade.md, "The rate" (arXiv 2601.16884 has no rate). *)

From Coq Require Import Reals ZArith List Lia Lra.
From Flocq Require Import Core.Raux.
From Approxcert Require Import Sums Network Totals KuhnHat HatPartition HatNetwork Erosion ErosionRate ErosionSteps.
Import ListNotations.
Local Open Scope R_scope.

(** ** At most d+1 positive hats *)

(** The sum of the coordinates of a node: it tells the positive hats at a point apart. *)
Definition height (k : list Z) : Z := fold_right Z.add 0%Z k.

Lemma height_between : forall l k, length k = length l ->
  (forall i, (i < length l)%nat -> (nth i l 0 <= nth i k 0 <= nth i l 0 + 1)%Z) ->
  (height l <= height k <= height l + Z.of_nat (length l))%Z.
Proof.
  induction l as [|b l IH]; intros [|a k] Hl H; try discriminate; [simpl; lia|].
  pose proof (H 0%nat ltac:(simpl; lia)) as H0. cbn [nth] in H0. injection Hl; intros Hl'.
  specialize (IH k Hl' (fun i Hi => H (S i) ltac:(simpl; lia))). cbn [height fold_right length] in *.
  fold (height l) (height k). lia.
Qed.

Lemma height_le : forall k l, length k = length l -> (forall i, (i < length k)%nat -> (nth i k 0 <= nth i l 0)%Z) ->
  (height k <= height l)%Z /\ (height k = height l -> k = l).
Proof.
  induction k as [|a k IH]; intros [|b l] Hl H; try discriminate; [split; [lia|reflexivity]|].
  pose proof (H 0%nat ltac:(simpl; lia)) as H0. cbn [nth] in H0. injection Hl; intros Hl'.
  destruct (IH l Hl' (fun i Hi => H (S i) ltac:(simpl; lia))) as [I1 I2]. cbn [height fold_right].
  fold (height l) (height k). split; [lia|]. intros E. f_equal; [lia|apply I2; lia].
Qed.

(** The positive hats at a point belong to different heights. *)
Lemma positive_apart : forall d m x k l, length k = d -> length l = d -> 0 < hat d m k x -> 0 < hat d m l x ->
  height k = height l -> k = l.
Proof.
  assert (W : forall d m x k l a b, length k = d -> length l = d -> a <= b ->
    (forall i, (i < d)%nat -> 0 <= scaled m k x i + a < 1) -> (forall i, (i < d)%nat -> 0 <= scaled m l x i + b < 1) ->
    height k = height l -> k = l).
  { intros d m x k l a b Hk Hl Hab Ha Hb. apply height_le; [congruence|]. rewrite Hk. intros i Hi.
    specialize (Ha i Hi). specialize (Hb i Hi). unfold scaled in *.
    apply Z.lt_succ_r, lt_IZR. rewrite succ_IZR. lra. }
  intros d m x k l Hk Hl H1 H2 E.
  destruct (hat_shift d m k x H1) as (a & _ & Ha). destruct (hat_shift d m l x H2) as (b & _ & Hb).
  destruct (Rle_lt_dec a b); [apply (W d m x k l a b); assumption|symmetry; apply (W d m x l k b a); try assumption;
    [lra|congruence]].
Qed.

(** The nodes whose hats are positive at [x]. *)
Definition positive (d m : nat) (x : list R) : list (list Z) :=
  filter (fun k => if Rlt_dec 0 (hat d m k x) then true else false) (nodes d m).

Lemma positive_spec : forall d m x k, In k (positive d m x) <-> In k (nodes d m) /\ 0 < hat d m k x.
Proof.
  intros. unfold positive. rewrite filter_In. destruct Rlt_dec; split; intros [H1 H2]; split; auto; try lra;
    discriminate.
Qed.

Lemma positive_few : forall d m x, (length (positive d m x) <= d + 1)%nat.
Proof.
  intros d m x. set (base := vec d (fun i => Zfloor (INR m * coord i x))).
  rewrite <- (map_length height).
  replace (d + 1)%nat with (length (map (fun n => (height base + Z.of_nat n)%Z) (seq 0 (d + 1)))) by (rewrite
    map_length, seq_length; reflexivity).
  apply NoDup_incl_length.
  - assert (H : forall p, NoDup p -> incl p (positive d m x) -> NoDup (map height p)).
    { induction p as [|k p IH]; intros Hn Hi; [constructor|]. inversion Hn as [|? ? Hk Hp]; subst. cbn [map].
      constructor.
      - intros H. apply in_map_iff in H. destruct H as (l & E & Hl). apply Hk.
        assert (A := Hi k (or_introl eq_refl)). assert (B := Hi l (or_intror Hl)).
        apply positive_spec in A, B. destruct A as [A1 A2], B as [B1 B2]. apply nodes_spec in A1, B1.
        rewrite <- (positive_apart d m x l k); tauto.
      - apply IH; [assumption|]. intros l Hl; apply Hi; right; assumption. }
    apply H; [apply NoDup_filter, nodes_once|intros k Hk; exact Hk].
  - intros z Hz. apply in_map_iff in Hz. destruct Hz as (k & <- & Hk). apply positive_spec in Hk.
    destruct Hk as [Hk Hp].
    apply nodes_spec in Hk. destruct Hk as [Hk _]. destruct (hat_shift d m k x Hp) as (a & Ha & Hs).
    assert (Lb : length base = d) by apply vec_length.
    destruct (height_between base k) as [L U]; [congruence| |].
    { rewrite Lb. intros i Hi. unfold base. rewrite nth_vec by assumption. specialize (Hs i Hi). unfold scaled in Hs.
      pose proof (Zfloor_lb (INR m * coord i x)). pose proof (Zfloor_ub (INR m * coord i x)).
      split; apply Z.lt_succ_r, lt_IZR; rewrite succ_IZR, ?plus_IZR; lra. }
    rewrite Lb in U. apply in_map_iff. exists (Z.to_nat (height k - height base)). split; [lia|apply in_seq; lia].
Qed.

(** ** Squares *)

Lemma cauchy : forall A (l : list A) F, (total l F) ^ 2 <= INR (length l) * total l (fun a => F a ^ 2).
Proof.
  intros A l F. set (n := INR (length l)). set (s := total l F).
  assert (C : forall c, total l (fun _ => c) = n * c).
  { intros c. unfold n. clear. induction l; [unfold total; simpl; lra|]. rewrite total_cons, IHl. cbn [length].
    rewrite S_INR; lra. }
  destruct (Req_dec n 0) as [E|E].
  - assert (l = []) by (destruct l; [reflexivity|]; unfold n in E; cbn [length] in E; rewrite S_INR in E;
      pose proof (pos_INR (length l)); lra).
    subst l. unfold s, total; simpl. lra.
  - assert (Hn : 0 < n) by (pose proof (pos_INR (length l)); unfold n in *; lra).
    assert (H : 0 <= total l (fun a => (F a - s / n) ^ 2)) by (apply total_nonneg; intros; apply pow2_ge_0).
    rewrite (total_ext _ _ _ (fun a => F a ^ 2 + (-2 * (s / n) * F a + (s / n) ^ 2))) in H by (intros; ring).
    rewrite !total_plus, total_scale, C in H. fold s in H.
    replace (-2 * (s / n) * s + n * (s / n) ^ 2) with (- (s ^ 2 / n)) in H by (field; lra).
    apply Rmult_le_reg_l with (/ n); [apply Rinv_0_lt_compat; assumption|].
    rewrite <- Rmult_assoc, Rinv_l, Rmult_1_l by lra. unfold Rdiv in H. lra.
Qed.

Lemma squares : forall d m x, (1 <= m)%nat -> cube d x ->
  1 <= (INR d + 1) * total (nodes d m) (fun k => hat d m k x ^ 2).
Proof.
  intros d m x Hm Hx.
  assert (F : forall p l, (p = 1 \/ p = 2)%nat -> total l (fun k => hat d m k x ^ p) =
    total (filter (fun k => if Rlt_dec 0 (hat d m k x) then true else false) l) (fun k => hat d m k x ^ p)).
  { intros p l Hp. induction l as [|k l IH]; [reflexivity|]. cbn [filter]. rewrite total_cons, IH.
    destruct Rlt_dec as [|Hn]; [reflexivity|]. pose proof (hat_range d m k x).
    replace (hat d m k x) with 0 by lra. destruct Hp as [-> | ->]; simpl; ring. }
  pose proof (cauchy _ (positive d m x) (fun k => hat d m k x)) as C.
  assert (P : total (positive d m x) (fun k => hat d m k x) = 1).
  { rewrite <- (partition_of_unity d m x Hm Hx). unfold positive.
    rewrite (total_ext _ (nodes d m) _ (fun k => hat d m k x ^ 1)) by (intros; ring).
    rewrite (F 1%nat) by (left; reflexivity).
    apply total_ext. intros; ring. }
  rewrite P in C. unfold positive in C at 2. rewrite <- (F 2%nat) in C by (right; reflexivity).
  pose proof (positive_few d m x) as N. apply le_INR in N. rewrite plus_INR in N. simpl (INR 1) in N.
  assert (0 <= total (nodes d m) (fun k => hat d m k x ^ 2)) by (apply total_nonneg; intros; apply pow2_ge_0).
  nra.
Qed.

(** For every d, every mesh 1/m and every residual, linear or not, that is K-Lipschitz for the gauge: after a
    complete sweep it is at most (1 + d/(d+1)) K/m on the whole cube. *)
Theorem rate_anywhere_sharp : forall d m K r gs, complete_sweep d m r gs -> lipschitz d K r -> 0 <= K ->
  forall x, cube d x -> Rabs (left_over d r gs x) <= (1 + INR d / (INR d + 1)) * K / INR m.
Proof.
  intros d m K r gs Hc HK HK0 x Hx. assert (Hm := proj1 (proj1 Hc)).
  eapply Rle_trans; [apply rate_at_point; eassumption|].
  assert (HM : 0 < INR m) by (apply lt_0_INR; lia). assert (Hd : 0 <= INR d) by apply pos_INR.
  assert (E : INR m * total (nodes d m) (fun k => hat d m k x * distance d x (point m k)) =
    1 - total (nodes d m) (fun k => hat d m k x ^ 2)).
  { rewrite <- (partition_of_unity d m x Hm Hx) at 1. rewrite <- total_scale.
    replace (total (nodes d m) (fun k => hat d m k x) - total (nodes d m) (fun k => hat d m k x ^ 2))
      with (total (nodes d m) (fun k => hat d m k x + -1 * hat d m k x ^ 2)) by (rewrite total_plus, total_scale; ring).
    apply total_ext. intros k _. pose proof (hat_range d m k x) as [[H|H] _]; [|rewrite <- H; ring].
    destruct (hat_distance d m k x Hm H) as [E _].
    replace (INR m * (hat d m k x * distance d x (point m k))) with (hat d m k x * (INR m * distance d x (point m
      k))) by ring.
    replace (INR m * distance d x (point m k)) with (1 - hat d m k x) by lra. ring. }
  pose proof (squares d m x Hm Hx) as S.
  set (q := total (nodes d m) (fun k => hat d m k x ^ 2)) in *.
  set (t := total (nodes d m) (fun k => hat d m k x * distance d x (point m k))) in *.
  assert (Hq : / (INR d + 1) <= q).
  { apply Rmult_le_reg_l with (INR d + 1); [lra|]. rewrite Rinv_r; lra. }
  assert (Ht : t = (1 - q) / INR m) by (rewrite <- E; field; lra).
  replace (K * (1 / INR m + t)) with (K / INR m * (2 - q)) by (rewrite Ht; field; lra).
  replace ((1 + INR d / (INR d + 1)) * K / INR m) with (K / INR m * (2 - / (INR d + 1))) by (field; lra).
  apply Rmult_le_compat_l; [|lra]. apply Rmult_le_pos; [assumption|left; apply Rinv_0_lt_compat; assumption].
Qed.
